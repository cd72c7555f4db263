package dev.godwit.agent.file;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Disks that come to this host in a move, each with its marker. Nothing without our own marker is
 * ever changed. Only writable disks travel: libvirt copies no other, so a read-only one has to be
 * at the destination already.
 */
public final class MovingFiles {
  /** QEMU writes up to a MiB at a time, several at once: with less than that a write failed. */
  private static final long LITTLE_BYTES = 16L << 20;

  private final FileSystem system;
  private final ImageTool images;
  private final OpenFiles openFiles;

  public MovingFiles(FileSystem system, ImageTool images, OpenFiles openFiles) {
    this.system = system;
    this.images = images;
    this.openFiles = openFiles;
  }

  /**
   * A marked place for each disk that travels. What a dead migration of this instance left is taken
   * over; anything else in the way is refused and untouched.
   */
  public Optional<Refusal> reserve(
      InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      Optional<Refusal> refusal =
          move.leaves() ? reserve(instance, migration, disk) : expect(move, disk);
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
                move.mode() == DiskMove.Mode.SHARED
                    ? "the shared disk"
                    : "the same read-only disk on both hosts",
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
    Places.mark(instance, disk, made -> DiskMarker.arriving(instance, migration, made));
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

  /** The targets of the copy, marked before by this migration. */
  public Optional<Refusal> makeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      if (!move.travels()) {
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

  /**
   * The directory of a target that has no room left for more of its content. Why a copy failed is
   * libvirt's to say: this is a remark beside it.
   */
  public Optional<Refusal> full(MigrationId migration, List<DiskMove> disks) {
    return full(migration, disks, LITTLE_BYTES);
  }

  Optional<Refusal> full(MigrationId migration, List<DiskMove> disks, long littleBytes) {
    return disks.stream()
        .filter(DiskMove::travels)
        .filter(move ->
            DiskMarker.of(system.getPath(move.path()))
                .filter(it -> it.madeBy(migration))
                .isPresent())
        .flatMap(move -> full(move, littleBytes).stream())
        .findFirst();
  }

  private Optional<Refusal> full(DiskMove move, long littleBytes) {
    Path directory = Places.parent(system.getPath(move.path()));
    return Places.freeBytes(directory)
        .filter(free -> free < littleBytes)
        .map(free ->
            new Refusal(
                "destination-full",
                directory.toString(),
                "room for the copy of %s, up to %d bytes"
                    .formatted(move.target(), move.virtualSizeBytes()),
                "the destination's %s with only %d MiB free, which may be why the copy failed"
                    .formatted(directory, free >> 20),
                "Make room there, then migrate again."));
  }

  /** What this migration made is gone; a repeat finds nothing. */
  public Optional<Refusal> removeTargets(MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      Optional<DiskMarker> marker = DiskMarker.of(disk).filter(found -> found.madeBy(migration));
      if (marker.isPresent()) {
        if (openFiles.has(disk)) {
          return Optional.of(
              Places.inTheWay(disk, "a target that nothing has open", "an open one"));
        }
        Places.remove(disk, marker.get());
      } else if (move.leaves()) {
        Places.removeUnmarked(disk);
      }
    }
    return Optional.empty();
  }

  /** The copies belong to their instance now. */
  public void own(InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      DiskMarker.of(disk)
          .filter(marker -> marker.madeBy(migration))
          .ifPresent(marker -> DiskMarker.own(instance, marker.madeDirectory()).put(disk));
    }
  }
}
