package dev.godwit.agent.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.agent.host.Program;
import dev.godwit.core.model.DiskFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** qemu-img: makes disk images and tells what they are. */
public final class ImageTool {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What an image says of itself.
   *
   * @param allocatedBytes what it takes on the file system
   */
  public record Image(
      DiskFormat format,
      long virtualSizeBytes,
      long allocatedBytes,
      Optional<String> backingFile) {}

  /** Reads an image's own description, also while a guest uses it; {@link FileTrouble} if bad. */
  public Image describe(Path path) {
    Program.Result result =
        Program.run(
            DEADLINE,
            List.of("qemu-img", "info", "--force-share", "--output=json", path.toString()));
    if (!result.ok()) {
      throw new FileTrouble("%s: %s".formatted(path, result.output().strip()));
    }
    try {
      JsonNode info = JSON.readTree(result.output());
      return new Image(
          DiskFormat.of(info.path("format").asText()),
          info.path("virtual-size").asLong(),
          info.path("actual-size").asLong(),
          Optional.ofNullable(
                  info.hasNonNull("full-backing-filename")
                      ? info.get("full-backing-filename")
                      : info.get("backing-filename"))
              .map(JsonNode::asText));
    } catch (IOException | IllegalArgumentException e) {
      throw new FileTrouble("%s: %s".formatted(path, e.getMessage()));
    }
  }

  /** Makes a sparse image; {@link FileTrouble} when it cannot be made. */
  public void make(Path path, DiskFormat format, long sizeBytes, Optional<String> backingFile) {
    List<String> argv = new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", format.word()));
    backingFile.ifPresent(backing -> {
      DiskFormat below = describe(Path.of(backing)).format();
      argv.addAll(List.of("-b", backing, "-F", below.word()));
    });
    argv.add(path.toString());
    argv.add(Long.toString(sizeBytes));
    Program.Result result = Program.run(DEADLINE, argv);
    if (!result.ok()) {
      throw new FileTrouble("%s: %s".formatted(path, result.output().strip()));
    }
  }
}
