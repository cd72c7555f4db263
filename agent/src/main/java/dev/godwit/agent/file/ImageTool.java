package dev.godwit.agent.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.core.model.DiskFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** qemu-img: makes disk images and tells what they are. */
public final class ImageTool {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MOST_LAYERS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Programs programs;

  public ImageTool(Programs programs) {
    this.programs = programs;
  }

  /**
   * What an image says of itself.
   *
   * @param allocatedBytes what it takes on the file system
   * @param backingFile absolute path of the image below it
   * @param backingFormat that image's format, as this one names it
   * @param innerSnapshots snapshots inside the image; a copy of its content leaves them behind
   */
  public record Image(
      DiskFormat format,
      long virtualSizeBytes,
      long allocatedBytes,
      Optional<String> backingFile,
      Optional<DiskFormat> backingFormat,
      int innerSnapshots) {}

  /**
   * Reads the description of an image whose format is known, also while a guest uses it. A guest
   * writes what it likes to the start of a raw disk, so the format of a guest's disk is never
   * guessed. {@link FileTrouble} when it is bad, or nothing that can be copied faithfully.
   */
  public Image describe(Path path, DiskFormat format) {
    return info(path, List.of("-f", format.word()));
  }

  /** The same for an image that no guest writes to: its format is found out. */
  public Image recognise(Path path) {
    return info(path, List.of());
  }

  /**
   * True when a QEMU on this host, were it to use the image too, would be refused: that is tried.
   * So a guest that runs elsewhere on this image is kept from running here by the file's lock.
   */
  public boolean locked(Path path, DiskFormat format) {
    Programs.Result result =
        programs.run(
            DEADLINE,
            List.of("qemu-img", "info", "-f", format.word(), "--output=json", path.toString()));
    return !result.ok()
        && result.output().contains("Failed to get")
        && result.output().contains("lock");
  }

  /**
   * An image and all below it.
   *
   * @param layers from the top, with where each is
   * @param end where the chain breaks off: an image that cannot be read, or one too many
   */
  public record Chain(Map<Path, Image> layers, Optional<Path> end) {
    public Chain {
      layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }

    /**
     * Tells the images from others of the same names: format, sizes, and samples of the content, so
     * that others may pass that differ between the samples only. {@link FileTrouble} when the chain
     * breaks off.
     */
    public String fingerprint() {
      end.ifPresent(path -> {
        throw new FileTrouble(
            "%s: expected an image that can be read, and at most %d on one another"
                .formatted(path, MOST_LAYERS));
      });
      Digest digest = new Digest();
      layers.forEach((path, image) -> {
        digest.add(image.format().word() + " " + image.virtualSizeBytes());
        digest.addSamples(path);
      });
      return digest.text();
    }
  }

  /** Goes down from an image that no guest writes to. {@link FileTrouble} at a bad one. */
  public Chain chain(Path top) {
    Map<Path, Image> layers = new LinkedHashMap<>();
    Optional<Path> here = Optional.of(top);
    while (here.isPresent()) {
      Path path = here.get();
      if (!Files.isReadable(path) || layers.size() == MOST_LAYERS || layers.containsKey(path)) {
        return new Chain(layers, here);
      }
      Image image = recognise(path);
      layers.put(path, image);
      here = image.backingFile().map(path.getFileSystem()::getPath);
    }
    return new Chain(layers, here);
  }

  private Image info(Path path, List<String> format) {
    List<String> argv =
        new ArrayList<>(List.of("qemu-img", "info", "--force-share", "--output=json"));
    argv.addAll(format);
    argv.add(path.toString());
    try {
      return image(path, JSON.readTree(run(path, argv)));
    } catch (IOException | IllegalArgumentException e) {
      throw new FileTrouble("%s: %s".formatted(path, e.getMessage()));
    }
  }

  private static Image image(Path path, JsonNode info) {
    if (info.path("encrypted").asBoolean()) {
      throw new FileTrouble(path + ": expected a plain image, found an encrypted one");
    }
    if (info.path("format-specific").path("data").hasNonNull("data-file")) {
      throw new FileTrouble(path + ": expected all data in the image, found a data file beside it");
    }
    return new Image(
        DiskFormat.of(info.path("format").asText()),
        info.path("virtual-size").asLong(),
        info.path("actual-size").asLong(),
        backing(path, info),
        Optional.ofNullable(info.get("backing-filename-format"))
            .map(JsonNode::asText)
            .map(DiskFormat::of),
        info.path("snapshots").size());
  }

  private static Optional<String> backing(Path path, JsonNode info) {
    Optional<String> backing =
        Optional.ofNullable(
                info.hasNonNull("full-backing-filename")
                    ? info.get("full-backing-filename")
                    : info.get("backing-filename"))
            .map(JsonNode::asText);
    backing
        .filter(name -> !name.startsWith("/"))
        .ifPresent(name -> {
          throw new FileTrouble(
              "%s: expected a file of this host below it, found '%s'".formatted(path, name));
        });
    return backing;
  }

  /**
   * Makes a sparse image, on disk with its name when this returns: what is copied into it may soon
   * be all that there is. {@link FileTrouble} when it cannot be made.
   *
   * @param sizeBytes 0 for that of its backing file
   */
  public void make(Path path, DiskFormat format, long sizeBytes, Optional<String> backingFile) {
    List<String> argv = new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", format.word()));
    backingFile.ifPresent(backing -> {
      DiskFormat below = recognise(path.getFileSystem().getPath(backing)).format();
      argv.addAll(List.of("-b", backing, "-F", below.word()));
    });
    argv.add(path.toString());
    if (sizeBytes > 0) {
      argv.add(Long.toString(sizeBytes));
    }
    run(path, argv);
    Places.keep(path);
  }

  private String run(Path path, List<String> argv) {
    try {
      Programs.Result result = programs.run(DEADLINE, argv);
      if (!result.ok()) {
        throw new FileTrouble("%s: %s".formatted(path, result.output().strip()));
      }
      return result.output();
    } catch (UncheckedIOException e) {
      throw new FileTrouble("%s: qemu-img cannot be run: %s".formatted(path, e.getMessage()));
    }
  }
}
