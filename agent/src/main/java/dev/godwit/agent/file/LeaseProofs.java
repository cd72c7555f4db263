package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Proofs beside the leases of libvirt's lock manager. Nothing else in a lock space is Godwit's, and
 * there may be a lease in it for each disk of all hosts.
 */
final class LeaseProofs {
  private final Supplier<Optional<Path>> space;

  /**
   * Those of a lock space.
   *
   * @param space where it is now, whether it is there or not; empty when there is none
   */
  LeaseProofs(Supplier<Optional<Path>> space) {
    this.space = space;
  }

  /** What is named as they are; {@link FileTrouble} when the lock space cannot be read. */
  List<Path> all(int most) {
    Optional<Path> directory = space.get();
    if (directory.isEmpty()) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> proofs =
        Files.newDirectoryStream(directory.get(), SharedProof.PREFIX + "*")) {
      for (Path proof : proofs) {
        if (found.size() == most) {
          throw new FileTrouble(
              "%s: expected at most %d proofs, found more".formatted(directory.get(), most));
        }
        found.add(proof);
      }
      return found;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(directory.get(), e.getMessage()));
    }
  }

  /** True for a file of the lock space itself. */
  boolean has(Path file) {
    return space.get().filter(it -> it.equals(file.getParent())).isPresent();
  }
}
