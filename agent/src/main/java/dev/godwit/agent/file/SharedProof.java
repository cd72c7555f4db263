package dev.godwit.agent.file;

import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out by looking whether two hosts share a directory: one writes a file named after the
 * migration, the other looks for it.
 */
public final class SharedProof {
  /** Writes the file beside each disk; the disks for which that worked. */
  public List<String> write(MigrationId migration, List<String> disks) {
    List<String> marked = new ArrayList<>();
    for (String disk : disks) {
      Path file = beside(Path.of(disk), migration);
      try {
        Files.writeString(file, migration.toString());
        marked.add(disk);
      } catch (IOException e) {
        // A directory that takes no file cannot be proven to be shared, so its disks are copied.
      }
    }
    return marked;
  }

  /** Removes the files; a repeat finds nothing. */
  public void clear(MigrationId migration, List<String> disks) {
    for (String disk : disks) {
      try {
        Files.deleteIfExists(beside(Path.of(disk), migration));
      } catch (IOException e) {
        throw new FileTrouble("%s: %s".formatted(disk, e.getMessage()));
      }
    }
  }

  /** The disks beside which the other host's file is seen here. */
  public List<String> seen(MigrationId migration, List<String> disks) {
    return disks.stream().filter(disk -> seen(migration, Path.of(disk))).toList();
  }

  private static boolean seen(MigrationId migration, Path disk) {
    try {
      return Files.readString(beside(disk, migration), StandardCharsets.UTF_8)
          .equals(migration.toString());
    } catch (IOException e) {
      return false;
    }
  }

  private static Path beside(Path disk, MigrationId migration) {
    return disk.resolveSibling(".godwit-shared-" + migration);
  }
}
