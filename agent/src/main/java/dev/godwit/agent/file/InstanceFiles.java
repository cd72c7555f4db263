package dev.godwit.agent.file;

import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Disks of instances of this host outside moves, each with its marker. Nothing without our own
 * marker is ever changed.
 */
public final class InstanceFiles {
  private static final long MIB = 1L << 20;

  private final HostName host;
  private final ImageTool images;
  private final OpenFiles openFiles;

  public InstanceFiles(HostName host, ImageTool images, OpenFiles openFiles) {
    this.host = host;
    this.images = images;
    this.openFiles = openFiles;
  }

  /**
   * Makes a new instance's disk, marked as not finished. What a creation on this host left when it
   * was interrupted is made anew; anything else that is there is refused and untouched.
   *
   * @param sizeBytes 0 for that of its backing file
   */
  public Optional<Refusal> makeNew(
      InstanceId instance,
      Path disk,
      DiskFormat format,
      long sizeBytes,
      Optional<String> backingFile) {
    Optional<DiskMarker> marker = DiskMarker.of(disk);
    boolean left =
        marker.map(found -> found.of(instance) && found.beingCreatedOn(host)).orElse(false);
    if (!left && (marker.isPresent() || Places.taken(disk))) {
      return Optional.of(
          Places.inTheWay(
              disk,
              "nothing where the disk goes",
              marker
                  .map(DiskMarker::instance)
                  .map("the disk of instance "::concat)
                  .orElse("a file that is not ours")));
    }
    if (left && openFiles.has(disk)) {
      return Optional.of(Places.inTheWay(disk, "a disk that nothing has open", "an open one"));
    }
    Optional<Refusal> small =
        backingFile
            .filter(image -> sizeBytes > 0)
            .flatMap(image -> tooSmall(disk, sizeBytes, image));
    if (small.isPresent()) {
      return small;
    }
    if (!left) {
      Places.mark(instance, disk, made -> DiskMarker.beingCreated(instance, host, made));
    }
    Places.delete(disk);
    images.make(disk, format, sizeBytes, backingFile);
    return Optional.empty();
  }

  /** A guest would find the end of its image missing, at best when it boots. */
  private Optional<Refusal> tooSmall(Path disk, long sizeBytes, String image) {
    long least = images.recognise(disk.getFileSystem().getPath(image)).virtualSizeBytes();
    return sizeBytes >= least
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "disk-smaller-than-image",
                disk.toString(),
                "at least the %d MiB of its image %s".formatted(mib(least), image),
                mib(sizeBytes) + " MiB",
                "Ask for a larger disk, or take a flavor with one."));
  }

  /** What does not fill a MiB takes one. */
  private static long mib(long bytes) {
    return Math.ceilDiv(bytes, MIB);
  }

  /** The created instance runs: its disks are its own. */
  public void created(InstanceId instance, Collection<Path> disks) {
    for (Path disk : disks) {
      unfinished(instance, disk)
          .ifPresent(marker -> DiskMarker.own(instance, marker.madeDirectory()).put(disk));
    }
  }

  /** What an unfinished creation on this host made is gone, and nothing else. */
  public void removeUnfinished(InstanceId instance, Collection<Path> disks) {
    for (Path disk : disks) {
      unfinished(instance, disk)
          .ifPresentOrElse(
              marker -> Places.remove(disk, marker), () -> Places.removeUnmarked(disk));
    }
  }

  private Optional<DiskMarker> unfinished(InstanceId instance, Path disk) {
    return DiskMarker.of(disk).filter(marker -> marker.of(instance) && marker.beingCreatedOn(host));
  }

  /**
   * Marks disks that were there before Godwit as their instance's: all of them, or none of these
   * when one is refused or cannot be marked.
   *
   * @param runs the instance runs on them here, and nothing moves it: a copy that a migration made
   *     is finished then, whoever was to say so
   */
  public Optional<Refusal> adopt(InstanceId instance, List<Path> disks, boolean runs) {
    for (Path disk : disks) {
      Optional<Refusal> refusal = foreign(instance, disk, DiskMarker.of(disk), runs);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    List<Path> fresh = new ArrayList<>();
    try {
      for (Path disk : disks) {
        Optional<DiskMarker> marker = DiskMarker.of(disk);
        if (marker.isEmpty()) {
          fresh.add(disk);
        }
        if (!marker.filter(DiskMarker::owned).isPresent()) {
          boolean madeDirectory = marker.map(DiskMarker::madeDirectory).orElse(false);
          DiskMarker.own(instance, madeDirectory).put(disk);
        }
      }
      return Optional.empty();
    } catch (FileTrouble e) {
      forget(fresh);
      throw e;
    }
  }

  private static Optional<Refusal> foreign(
      InstanceId instance, Path disk, Optional<DiskMarker> marker, boolean runs) {
    if (Files.isSymbolicLink(disk)) {
      return Optional.of(
          new Refusal(
              "disk-link",
              disk.toString(),
              "the guest's disk itself",
              "a symbolic link, which Godwit does not follow to remove",
              "Name the file itself in the guest's definition, restart the guest, then adopt it."));
    }
    if (!Files.isRegularFile(disk)) {
      return Optional.of(Places.inTheWay(disk, "the guest's disk", "no regular file"));
    }
    if (marker.filter(found -> !found.of(instance)).isPresent()) {
      return Optional.of(
          Places.inTheWay(
              disk, "a disk of nobody else", "the disk of " + marker.orElseThrow().instance()));
    }
    return marker.filter(found -> !found.owned() && !(runs && found.arriving())).isPresent()
        ? Optional.of(
            Places.inTheWay(
                disk, "a finished disk", "one that is being made: " + marker.get().maker()))
        : Optional.empty();
  }

  private static void forget(List<Path> disks) {
    for (Path disk : disks) {
      Places.delete(DiskMarker.beside(disk));
      Places.delete(DiskMarker.unfinished(disk));
    }
  }

  /**
   * Everything marked as this instance's among these disks is gone. Refused when another image lies
   * over one of them.
   *
   * @param others images of other guests of this host
   */
  public Optional<Refusal> removeOwn(
      InstanceId instance, Collection<Path> disks, Collection<Path> others) {
    for (Path disk : disks) {
      Optional<DiskMarker> marker =
          DiskMarker.of(disk)
              .filter(found -> found.of(instance) && (found.owned() || found.beingCreatedOn(host)));
      if (marker.isEmpty()) {
        continue;
      }
      Optional<Path> over = Places.taken(disk) ? Overlays.over(disk, others) : Optional.empty();
      if (over.isPresent()) {
        return Optional.of(
            Places.inTheWay(disk, "a disk that no other image needs", over.get() + " over it"));
      }
      Places.remove(disk, marker.get());
    }
    return Optional.empty();
  }
}
