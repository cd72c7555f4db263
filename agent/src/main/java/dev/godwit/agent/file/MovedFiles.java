package dev.godwit.agent.file;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Disks, and firmware variables, that leave this host in a move. Each is removed only with every
 * proof: marked as its instance's own and not as the arriving copy (then both hosts see one file),
 * a file and not a link, open nowhere on this host, and below no other image.
 */
public final class MovedFiles {
  private final FileSystem system;
  private final OpenFiles openFiles;

  public MovedFiles(FileSystem system, OpenFiles openFiles) {
    this.system = system;
    this.openFiles = openFiles;
  }

  /**
   * Why files that leave could not be removed when nothing has them open any more, by target.
   *
   * @param others images of other guests of this host
   */
  public Map<String, String> kept(
      InstanceId instance, List<DiskMove> disks, Collection<Path> others) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      if (move.leaves()) {
        notOwn(instance, disk, DiskMarker.of(disk))
            .or(() -> below(disk, others))
            .ifPresent(why -> kept.put(move.target(), why));
      }
    }
    return kept;
  }

  /**
   * The files that left are gone; a repeat finds nothing.
   *
   * @param others images of other guests of this host
   */
  public Optional<Refusal> remove(
      InstanceId instance, List<DiskMove> disks, Collection<Path> others) {
    for (DiskMove move : disks) {
      Path disk = system.getPath(move.path());
      Optional<DiskMarker> marker = DiskMarker.of(disk);
      if (!move.leaves() || (marker.isEmpty() && !Places.taken(disk))) {
        continue;
      }
      Optional<String> why =
          notOwn(instance, disk, marker).or(() -> open(disk)).or(() -> below(disk, others));
      if (why.isPresent()) {
        return Optional.of(
            Places.inTheWay(
                disk,
                "the instance's own disk, which nothing needs any more",
                why.get() + "; it is kept"));
      }
      Places.remove(disk, marker.orElseThrow());
    }
    return Optional.empty();
  }

  private static Optional<String> notOwn(
      InstanceId instance, Path disk, Optional<DiskMarker> marker) {
    if (Files.isSymbolicLink(disk)) {
      return Optional.of("a symbolic link to " + target(disk));
    }
    if (marker.isEmpty()) {
      return Optional.of("no marker beside it");
    }
    if (!marker.get().of(instance)) {
      return Optional.of("the marker of instance " + marker.get().instance());
    }
    return marker.get().owned()
        ? Optional.empty()
        : Optional.of("the mark of a copy that is arriving");
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "somewhere else";
    }
  }

  private Optional<String> open(Path disk) {
    return Places.taken(disk) && openFiles.has(disk)
        ? Optional.of("something on this host has it open")
        : Optional.empty();
  }

  private static Optional<String> below(Path disk, Collection<Path> others) {
    if (!Places.taken(disk)) {
      return Optional.empty();
    }
    return others.stream().anyMatch(image -> Overlays.same(image, disk))
        ? Optional.of("another guest of this host that has it, too")
        : Overlays.over(disk, others).map(image -> image + " lies over it");
  }
}
