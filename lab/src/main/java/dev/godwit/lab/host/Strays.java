package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processes that a lab started and did not get to record, because whoever started them was killed
 * in between. They are known by their argument vectors, which name files that only this lab has.
 */
final class Strays {
  private final LabFolder folder;

  Strays(LabFolder folder) {
    this.folder = folder;
  }

  /** Ends them; with the first process of a host goes all that is on it. */
  void kill() {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .map(Long::parseLong)
          .filter(this::ours)
          .flatMap(pid -> RecordedProcess.now(pid).stream())
          .forEach(RecordedProcess::kill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean ours(long pid) {
    List<String> argv = arguments(pid);
    List<String> holders =
        List.of(
            folder.run().resolve("host-init.sh").toString(),
            folder.run().resolve("switch-init.sh").toString());
    if (argv.size() > 1 && argv.getFirst().endsWith("bash")) {
      return holders.contains(argv.get(1));
    }
    String socket = "UNIX-CONNECT:" + folder.run().resolve("api");
    return argv.size() == 3
        && argv.getFirst().endsWith("socat")
        && argv.stream().anyMatch(word -> word.startsWith(socket) && word.endsWith(".sock"));
  }

  private static List<String> arguments(long pid) {
    try {
      byte[] raw = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new ArrayList<>(List.of(new String(raw, StandardCharsets.UTF_8).split("\0")));
    } catch (IOException gone) {
      return List.of();
    }
  }
}
