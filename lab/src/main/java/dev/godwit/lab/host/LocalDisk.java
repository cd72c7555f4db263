package dev.godwit.lab.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A host's own directory, on a file system of its own when it shall have an end. */
public final class LocalDisk {
  private static final String DIRECTORY = "/srv/local";
  private static final long LEAST = 1L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK_EACH = Duration.ofMillis(100);

  private final LabHost host;

  public LocalDisk(LabHost host) {
    this.host = host;
  }

  /** Where the directory is seen from the machine, whatever is mounted on it inside. */
  public Path outside() {
    return host.required().view(DIRECTORY);
  }

  /** Puts a file system of so many bytes on it. */
  public void limit(long bytes) {
    if (bytes < LEAST) {
      throw new LabFailure("the size of a local disk: expected at least 1 MiB, found " + bytes);
    }
    Namespaces space = host.required();
    requireEmpty();
    Path image = image();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // No reserve for root, who writes here, and no journal: what is free is what fits.
    Argv.must("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image.toString());
    mount(space);
    // The agent may be quicker.
    Argv.must(PATIENCE, space.inside(List.of("mkdir", "-p", DIRECTORY + "/instances")));
  }

  private void mount(Namespaces space) {
    Argv.must(
        PATIENCE, space.inside(List.of("mount", "-o", "loop", image().toString(), DIRECTORY)));
  }

  /** What a host does at its start with the file systems that it is to have. */
  void mountAgain() {
    if (!Files.exists(image())) {
      return;
    }
    // Two devices on one image would each have a memory of their own of it.
    Await.until(
        "the device of " + image() + " to be given back",
        PATIENCE,
        LOOK_EACH,
        () -> Argv.must("losetup", "--associated", image().toString()).isBlank());
    mount(host.required());
  }

  /** Takes it off again. */
  public void unlimit() {
    if (Files.exists(image())) {
      Argv.must(PATIENCE, host.required().inside(List.of("umount", DIRECTORY)));
      try {
        Files.delete(image());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path image() {
    return host.home().resolve("local.img");
  }

  private void requireEmpty() {
    if (Files.exists(image())) {
      throw new LabFailure("the local disk of %s is limited already".formatted(host.name()));
    }
    try (Stream<Path> walk = Files.walk(outside())) {
      walk.filter(Files::isRegularFile)
          .findFirst()
          .ifPresent(file -> {
            throw new LabFailure(
                "the local disk of %s: expected no files, which would be hidden, found %s"
                    .formatted(host.name(), file));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
