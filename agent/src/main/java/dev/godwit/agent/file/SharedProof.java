package dev.godwit.agent.file;

import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out by looking whether two hosts share a disk: one writes a file named after the migration
 * beside it, the other looks for that. Beside the disk itself: a link in a shared directory may
 * lead to each host's own file, so links are followed first, on both sides.
 */
public final class SharedProof {
  private static final String PREFIX = ".godwit-shared-";

  /** A server that died between its looks leaves a proof behind; nobody needs it that long. */
  private static final Duration STALE = Duration.ofHours(1);

  private final FileSystem system;
  private final Clock clock;

  public SharedProof(FileSystem system, Clock clock) {
    this.system = system;
    this.clock = clock;
  }

  /** Writes the file beside each disk; the disks for which that worked. */
  public List<String> write(MigrationId migration, List<String> disks) {
    List<String> marked = new ArrayList<>();
    for (String disk : disks) {
      Optional<Path> proof = beside(disk, migration);
      try {
        if (proof.isPresent()) {
          removeStale(Places.parent(proof.get()));
          Files.writeString(proof.get(), migration.toString());
          marked.add(disk);
        }
      } catch (IOException | DirectoryIteratorException e) {
        // A directory that takes no file cannot be proven to be shared, so its disks are copied.
      }
    }
    return marked;
  }

  private void removeStale(Path directory) throws IOException {
    try (DirectoryStream<Path> proofs = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path proof : proofs) {
        if (Files.getLastModifiedTime(proof).toInstant().isBefore(clock.instant().minus(STALE))) {
          Files.deleteIfExists(proof);
        }
      }
    }
  }

  /** Removes the files; a repeat finds nothing. */
  public void clear(MigrationId migration, List<String> disks) {
    for (String disk : disks) {
      try {
        Optional<Path> proof = beside(disk, migration);
        if (proof.isPresent()) {
          Files.deleteIfExists(proof.get());
        }
        // The disk may be gone by now, its directory not.
        Files.deleteIfExists(system.getPath(disk).resolveSibling(PREFIX + migration));
      } catch (IOException e) {
        throw new FileTrouble("%s: %s".formatted(disk, e.getMessage()));
      }
    }
  }

  /** The disks beside which the other host's file is seen here. */
  public List<String> seen(MigrationId migration, List<String> disks) {
    return disks.stream().filter(disk -> seen(migration, disk)).toList();
  }

  private boolean seen(MigrationId migration, String disk) {
    Optional<Path> proof = beside(disk, migration);
    try {
      return proof.isPresent()
          && Files.readString(proof.get(), StandardCharsets.UTF_8).equals(migration.toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** Empty when the disk itself is not there: then this host shares nothing. */
  private Optional<Path> beside(String disk, MigrationId migration) {
    try {
      return Optional.of(system.getPath(disk).toRealPath().resolveSibling(PREFIX + migration));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
