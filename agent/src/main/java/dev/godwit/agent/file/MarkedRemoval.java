package dev.godwit.agent.file;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Removes what a migration left, with every proof that it is that and nothing else. */
public final class MarkedRemoval {
  private final MarkedFiles files;

  public MarkedRemoval(MarkedFiles files) {
    this.files = files;
  }

  /**
   * The disk and its marker are gone; a repeat finds nothing. Empty when done, else why it is kept.
   *
   * @param others images of other guests of this host
   */
  public Optional<String> disk(
      InstanceId instance, MigrationId migration, Path disk, Collection<Path> others) {
    Optional<String> kept = files.kept(disk);
    if (kept.isPresent()) {
      return kept;
    }
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isEmpty()) {
      return Places.taken(disk) ? Optional.of("no marker is beside it") : Optional.empty();
    }
    if (!marker.get().of(instance) || !marker.get().madeBy(migration)) {
      return Optional.of("its marker names another instance or another migration");
    }
    if (Places.taken(disk)) {
      if (others.stream().anyMatch(image -> Overlays.same(image, disk))) {
        return Optional.of("another guest of this host has it, too");
      }
      Optional<Path> over = Overlays.over(disk, others);
      if (over.isPresent()) {
        return Optional.of(over.get() + " lies over it");
      }
    }
    Places.remove(disk, marker.get());
    return Optional.empty();
  }

  /**
   * The proof, of whichever epoch, is gone; a repeat finds nothing. Empty when done, else why it is
   * kept.
   */
  public Optional<String> proof(MigrationId migration, Path file) {
    Optional<ProofId> id =
        SharedProof.named(String.valueOf(file.getFileName()))
            .filter(it -> it.migration().equals(migration));
    if (!files.inPlaceOfProofs(file) || id.isEmpty()) {
      return Optional.of("it is no proof of that migration");
    }
    try {
      if (Files.isSymbolicLink(file)
          || !Files.readString(file, StandardCharsets.UTF_8).equals(id.get().toString())) {
        return Optional.of("its content is not what Godwit writes");
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
    Places.delete(file);
    Places.force(Places.parent(file));
    if (Files.isDirectory(Places.parent(file), LinkOption.NOFOLLOW_LINKS)) {
      Places.removeLeftEmpty(Places.parent(file));
    }
    return Optional.empty();
  }
}
