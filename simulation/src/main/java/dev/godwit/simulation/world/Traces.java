package dev.godwit.simulation.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.simulation.libvirt.SimulatedMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What moves write down on a host: markers beside disks, proofs, the agent's notes. */
final class Traces {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;

  Traces(FileSystem files) {
    this.files = files;
  }

  /** What of a guest's moves is still open here, or was left half written; in words. */
  List<String> open(UUID guest) {
    List<String> open = new ArrayList<>();
    for (Path note : all(SimulatedMachine.state(files))) {
      if (ends(note, ".json") && of(guest, note) && json(note).path("closed_by").asLong() == 0) {
        open.add("open note " + note);
      }
    }
    for (String root : SimulatedMachine.INSTANCES) {
      for (Path file : all(files.getPath(root))) {
        if (ends(file, ".godwit")
            && of(guest, file)
            && !json(file).path("maker").asText().isEmpty()) {
          open.add("unfinished disk of " + file);
        }
        if ((ends(file, ".new") || file.getFileName().toString().startsWith(".godwit-"))
            && !anothers(files.getPath(root).relativize(file), guest)) {
          open.add("file " + file);
        }
      }
    }
    return open;
  }

  /** True for one in a folder that is named for another guest. */
  private static boolean anothers(Path file, UUID guest) {
    return file.getNameCount() > 1 && !file.getName(0).toString().equals(guest.toString());
  }

  private static boolean ends(Path file, String with) {
    return file.getFileName().toString().endsWith(with);
  }

  private static boolean of(UUID guest, Path file) {
    return json(file).path("instance").asText().equals(guest.toString());
  }

  private static JsonNode json(Path file) {
    try {
      return Optional.ofNullable(JSON.readTree(Files.readString(file))).orElse(JSON.nullNode());
    } catch (JsonProcessingException torn) {
      return JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> all(Path root) {
    List<Path> found = new ArrayList<>();
    walk(root, found);
    return found;
  }

  private static void walk(Path folder, List<Path> found) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var inside = Files.newDirectoryStream(folder)) {
      for (Path path : inside) {
        if (Files.isDirectory(path)) {
          walk(path, found);
        } else {
          found.add(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
