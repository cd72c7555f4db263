package dev.godwit.agent.file;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Disks on this host, each with its marker. Nothing without our own marker is ever changed. */
public final class InstanceFiles {
  private final ImageTool images;
  private final OpenFiles openFiles;

  public InstanceFiles(ImageTool images, OpenFiles openFiles) {
    this.images = images;
    this.openFiles = openFiles;
  }

  /** Makes a new instance's disk; refuses when something is there. */
  public Optional<Refusal> makeNew(
      InstanceId instance,
      Path disk,
      dev.godwit.core.model.DiskFormat format,
      long sizeBytes,
      Optional<String> backingFile) {
    if (Files.exists(disk)) {
      return Optional.of(inTheWay(disk, "nothing where the disk goes", "a file that is not ours"));
    }
    DiskMarker.own(instance, makeDirectory(instance, disk)).put(disk);
    images.make(disk, format, sizeBytes, backingFile);
    return Optional.empty();
  }

  /** Marks a disk that was there before Godwit as its instance's. */
  public Optional<Refusal> adopt(InstanceId instance, Path disk) {
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isPresent() && !marker.get().of(instance)) {
      return Optional.of(
          inTheWay(disk, "a disk of nobody else", "the disk of " + marker.get().instance()));
    }
    DiskMarker.own(instance, false).put(disk);
    return Optional.empty();
  }

  /**
   * Destination: a marked place for each copied disk. What a dead migration of this instance left
   * is taken over; anything else in the way is refused and untouched.
   */
  public Optional<Refusal> reserve(
      InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      if (move.copied()) {
        Optional<Refusal> refusal = reserve(instance, migration, Path.of(move.path()));
        if (refusal.isPresent()) {
          return refusal;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> reserve(InstanceId instance, MigrationId migration, Path disk) {
    Optional<String> whose = inTheWay(instance, disk);
    if (whose.isPresent()) {
      return Optional.of(inTheWay(disk, "nothing where the disk goes", whose.get()));
    }
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isPresent() && marker.get().madeBy(migration)) {
      return Optional.empty();
    }
    DiskMarker.arriving(instance, migration, makeDirectory(instance, disk)).put(disk);
    delete(disk);
    return Optional.empty();
  }

  /** Whose file stands where a disk of this instance would go; empty when the way is free. */
  public Optional<String> inTheWay(InstanceId instance, Path disk) {
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isPresent() && !marker.get().of(instance)) {
      return Optional.of("the disk of instance " + marker.get().instance());
    }
    if (marker.isPresent() && !marker.get().arriving()) {
      return Optional.of("a disk of this instance that no migration was making");
    }
    if (marker.isEmpty() && Files.exists(disk)) {
      return Optional.of("a file that is not ours");
    }
    return Optional.empty();
  }

  /** Destination: the targets of the copy, marked before by this migration. */
  public Optional<Refusal> makeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      if (!DiskMarker.of(disk).map(marker -> marker.madeBy(migration)).orElse(false)) {
        return Optional.of(
            inTheWay(disk, "a place reserved by this migration", "none, or another's"));
      }
      if (!Files.exists(disk)) {
        images.make(disk, move.format(), move.virtualSizeBytes(), move.backingFile());
      }
    }
    return Optional.empty();
  }

  /** Destination: what this migration made is gone; a repeat finds nothing. */
  public void removeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      DiskMarker.of(disk)
          .filter(marker -> marker.madeBy(migration))
          .ifPresent(m -> remove(disk, m));
    }
  }

  /** Destination: the copies belong to their instance now. */
  public void own(InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      DiskMarker.of(disk)
          .filter(marker -> marker.madeBy(migration))
          .ifPresent(marker -> DiskMarker.own(instance, marker.madeDirectory()).put(disk));
    }
  }

  /**
   * Source: the copied disks are gone. Refused when a disk is not marked as this instance's own,
   * when it carries the mark of the arriving copy (then both hosts see one file), or when it is
   * open.
   */
  public Optional<Refusal> removeMoved(
      InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      if (!move.copied() || !move.writable()) {
        continue;
      }
      Optional<DiskMarker> marker = DiskMarker.of(disk);
      if (marker.isEmpty() && !Files.exists(disk)) {
        continue;
      }
      if (!marker.map(found -> found.of(instance)).orElse(false)) {
        return Optional.of(
            inTheWay(disk, "the instance's marker beside its disk", "none; the disk is kept"));
      }
      if (marker.orElseThrow().madeBy(migration)) {
        return Optional.of(
            inTheWay(disk, "a copy of the source's own", "the destination's; it is kept"));
      }
      if (openFiles.has(disk)) {
        return Optional.of(inTheWay(disk, "a disk that nothing has open", "an open one"));
      }
      remove(disk, marker.orElseThrow());
    }
    return Optional.empty();
  }

  /** Everything marked as this instance's own among these disks is gone. */
  public void removeOwn(InstanceId instance, List<Path> disks) {
    for (Path disk : disks) {
      DiskMarker.of(disk).filter(marker -> marker.of(instance)).ifPresent(m -> remove(disk, m));
    }
  }

  private static void remove(Path disk, DiskMarker marker) {
    delete(disk);
    delete(DiskMarker.beside(disk));
    if (marker.madeDirectory()) {
      deleteDirectory(parent(disk));
    }
  }

  /** True when the directory is there only for this instance. */
  private static boolean makeDirectory(InstanceId instance, Path disk) {
    Path directory = parent(disk);
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        return true;
      }
      try (DirectoryStream<Path> markers = Files.newDirectoryStream(directory, "*.godwit")) {
        for (Path marker : markers) {
          String name = marker.getFileName().toString();
          Path other = marker.resolveSibling(name.substring(0, name.length() - ".godwit".length()));
          if (DiskMarker.of(other).filter(m -> m.of(instance) && m.madeDirectory()).isPresent()) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  private static Path parent(Path disk) {
    Path parent = disk.getParent();
    if (parent == null) {
      throw new FileTrouble(disk + ": expected an absolute path of a disk");
    }
    return parent;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static void deleteDirectory(Path directory) {
    try {
      Files.delete(directory);
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Gone already, or another disk of the instance is still there and takes it along later.
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  private static Refusal inTheWay(Path disk, String expected, String found) {
    return new Refusal(
        "disk-in-the-way",
        disk.toString(),
        expected,
        found,
        "Find out whose file that is; Godwit does not touch it.");
  }
}
