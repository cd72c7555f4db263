package dev.godwit.agent.file;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Disks in a move, each with its marker. Nothing without our own marker is ever changed. Only
 * writable disks travel: libvirt copies no other, so a read-only one has to be at the destination
 * already.
 */
public final class MovingFiles {
  private final ImageTool images;
  private final OpenFiles openFiles;

  public MovingFiles(ImageTool images, OpenFiles openFiles) {
    this.images = images;
    this.openFiles = openFiles;
  }

  /** True when the disk's content goes to the destination with the move. */
  public static boolean travels(DiskMove move) {
    return move.copied() && move.writable();
  }

  /**
   * Destination: a marked place for each disk that travels. What a dead migration of this instance
   * left is taken over; anything else in the way is refused and untouched.
   */
  public Optional<Refusal> reserve(
      InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      Optional<Refusal> refusal =
          travels(move) ? reserve(instance, migration, disk) : expect(move, disk);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> expect(DiskMove move, Path disk) {
    return Files.isReadable(disk)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "disk-missing",
                disk.toString(),
                move.copied() ? "the same read-only image on both hosts" : "the shared disk",
                "nothing readable here",
                "Copy the image to this host, or mount the directory, then migrate again."));
  }

  private Optional<Refusal> reserve(InstanceId instance, MigrationId migration, Path disk) {
    Optional<String> whose = inTheWay(instance, disk);
    if (whose.isPresent()) {
      return Optional.of(Places.inTheWay(disk, "nothing where the disk goes", whose.get()));
    }
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isPresent() && marker.get().madeBy(migration)) {
      return Optional.empty();
    }
    boolean madeDirectory = Places.makeDirectory(instance, disk);
    DiskMarker.arriving(instance, migration, madeDirectory).put(disk);
    Places.delete(disk);
    return Optional.empty();
  }

  /** Whose file stands where a disk of this instance would go; empty when the way is free. */
  public Optional<String> inTheWay(InstanceId instance, Path disk) {
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    if (marker.isEmpty()) {
      return Places.taken(disk) ? Optional.of("a file that is not ours") : Optional.empty();
    }
    if (!marker.get().of(instance)) {
      return Optional.of("the disk of instance " + marker.get().instance());
    }
    if (!marker.get().arriving()) {
      return Optional.of("a disk of this instance that no migration was making");
    }
    return openFiles.has(disk)
        ? Optional.of("a disk of this instance that something on this host has open")
        : Optional.empty();
  }

  /** Destination: the targets of the copy, marked before by this migration. */
  public Optional<Refusal> makeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      if (!travels(move)) {
        continue;
      }
      if (!DiskMarker.of(disk).map(marker -> marker.madeBy(migration)).orElse(false)) {
        return Optional.of(
            Places.inTheWay(disk, "a place reserved by this migration", "none, or another's"));
      }
      if (!made(disk, move)) {
        Places.delete(disk);
        images.make(disk, move.format(), move.virtualSizeBytes(), move.backingFile());
      }
    }
    return Optional.empty();
  }

  /** False also for what an interrupted qemu-img left. */
  private boolean made(Path disk, DiskMove move) {
    if (!Places.taken(disk)) {
      return false;
    }
    if (openFiles.has(disk)) {
      return true;
    }
    try {
      ImageTool.Image image = images.describe(disk, move.format());
      return image.virtualSizeBytes() == move.virtualSizeBytes()
          && image.backingFile().equals(move.backingFile());
    } catch (FileTrouble broken) {
      return false;
    }
  }

  /** Destination: what this migration made is gone; a repeat finds nothing. */
  public Optional<Refusal> removeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      Optional<DiskMarker> marker = DiskMarker.of(disk).filter(found -> found.madeBy(migration));
      if (marker.isPresent()) {
        if (openFiles.has(disk)) {
          return Optional.of(
              Places.inTheWay(disk, "a target that nothing has open", "an open one"));
        }
        Places.remove(disk, marker.get());
      }
    }
    return Optional.empty();
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
   * Source: the disks that travelled are gone. Each is removed only with every proof: marked as
   * this instance's own and not as the arriving copy (then both hosts see one file), a file and not
   * a link, open nowhere on this host, and below no other image.
   *
   * @param others images of other guests of this host
   */
  public Optional<Refusal> removeMoved(
      InstanceId instance, List<DiskMove> disks, Collection<Path> others) {
    for (DiskMove move : disks) {
      Path disk = Path.of(move.path());
      Optional<DiskMarker> marker = DiskMarker.of(disk);
      if (!travels(move) || (marker.isEmpty() && !Places.taken(disk))) {
        continue;
      }
      Optional<Refusal> kept = unproven(instance, disk, marker, others);
      if (kept.isPresent()) {
        return kept;
      }
      Places.remove(disk, marker.orElseThrow());
    }
    return Optional.empty();
  }

  private Optional<Refusal> unproven(
      InstanceId instance, Path disk, Optional<DiskMarker> marker, Collection<Path> others) {
    if (!marker.map(found -> found.of(instance)).orElse(false)) {
      return kept(disk, "the instance's marker beside its disk", "none");
    }
    if (!marker.orElseThrow().owned()) {
      return kept(disk, "a disk of the source's own", "the mark of the arriving copy");
    }
    if (!Places.taken(disk)) {
      return Optional.empty();
    }
    if (Files.isSymbolicLink(disk)) {
      return kept(disk, "the disk itself", "a link, which Godwit does not follow to remove");
    }
    if (openFiles.has(disk)) {
      return kept(disk, "a disk that nothing has open", "an open one");
    }
    Optional<Path> over = Overlays.over(disk, others);
    return over.isPresent()
        ? kept(disk, "a disk that no other image needs", over.get() + " over it")
        : Optional.empty();
  }

  private static Optional<Refusal> kept(Path disk, String expected, String found) {
    return Optional.of(Places.inTheWay(disk, expected, found + "; it is kept"));
  }
}
