package dev.godwit.agent.file;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Trace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds what carries Godwit's mark in the directories where instances are made; changes nothing.
 */
public final class MarkedFiles {
  /** More would not fit into an answer; a host with so many has another problem. */
  private static final int MOST = 10_000;

  private static final String MARKER = ".godwit";
  private static final String HALF = ".godwit.new";

  private final List<Path> places;
  private final Optional<Path> shared;
  private final LeaseProofs leases;
  private final OpenFiles openFiles;
  private final Clock clock;

  /**
   * The marked files of a host.
   *
   * @param places the directories of instances, whether they are there or not
   * @param shared that one of them which other hosts have too
   * @param lockSpace where libvirt's leases are, which other hosts have too
   */
  public MarkedFiles(
      List<Path> places,
      Optional<Path> shared,
      Supplier<Optional<Path>> lockSpace,
      OpenFiles openFiles,
      Clock clock) {
    this.places = List.copyOf(places);
    this.shared = shared;
    this.leases = new LeaseProofs(lockSpace);
    this.openFiles = openFiles;
    this.clock = clock;
  }

  /** Everything found; {@link FileTrouble} when a directory cannot be read. */
  public List<Trace> all() {
    List<Trace> found = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        look(place, found);
        for (Path directory : names(place)) {
          if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            look(directory, found);
          }
        }
      }
    }
    // A lock space in one of those places was looked at already.
    Set<String> known = found.stream().map(Trace::name).collect(Collectors.toSet());
    for (Path proof : leases.all(MOST)) {
      if (!known.contains(proof.toString())) {
        found.add(proof(proof, String.valueOf(proof.getFileName())));
      }
    }
    if (found.size() > MOST) {
      throw new FileTrouble("expected at most %d marked files, found more".formatted(MOST));
    }
    return found;
  }

  private static List<Path> names(Path directory) {
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path path : all) {
        if (names.size() == MOST) {
          throw new FileTrouble(
              "%s: expected at most %d names, found more".formatted(directory, MOST));
        }
        names.add(path);
      }
      return names;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  private void look(Path directory, List<Trace> found) {
    List<Path> names = names(directory);
    List<String> unmarked = new ArrayList<>();
    for (Path path : names) {
      String name = String.valueOf(path.getFileName());
      if (name.endsWith(HALF)) {
        found.add(half(directory, path));
      } else if (name.endsWith(MARKER)) {
        found.add(disk(DiskMarker.disk(path), path));
      } else if (name.startsWith(SharedProof.PREFIX)) {
        found.add(proof(path, name));
      } else if (!Files.isDirectory(path) && !names.contains(DiskMarker.beside(path))) {
        unmarked.add(name);
      }
    }
    Optional<InstanceId> owner = instance(directory);
    if (owner.isPresent() && (names.isEmpty() || !unmarked.isEmpty())) {
      found.add(
          new Trace(
              Trace.Kind.DIRECTORY,
              directory.toString(),
              owner,
              Optional.empty(),
              unmarked.isEmpty()
                  ? "an empty directory"
                  : "files without a marker: " + String.join(", ", unmarked),
              common(directory),
              Optional.of("nothing in it says which migration made it"),
              age(directory)));
    }
  }

  private Trace disk(Path disk, Path marker) {
    Optional<DiskMarker> read;
    try {
      read = DiskMarker.of(disk);
    } catch (FileTrouble e) {
      return new Trace(
          Trace.Kind.DISK,
          disk.toString(),
          Optional.empty(),
          Optional.empty(),
          "a marker that cannot be read",
          common(disk),
          Optional.of("nobody knows whose it is"),
          age(marker));
    }
    return new Trace(
        Trace.Kind.DISK,
        disk.toString(),
        read.flatMap(it -> parsed(it.instance(), InstanceId::of)),
        read.filter(DiskMarker::arriving).flatMap(it -> parsed(it.maker(), MigrationId::of)),
        seen(disk, read),
        common(disk),
        kept(disk),
        age(marker));
  }

  private static String seen(Path disk, Optional<DiskMarker> marker) {
    String there = Places.taken(disk) ? "a disk" : "a marker without its disk";
    if (marker.filter(DiskMarker::owned).isPresent()) {
      return there + " that is the instance's own";
    }
    return marker.filter(DiskMarker::arriving).isPresent()
        ? there + " that a migration was making"
        : there + " that was being made with its instance";
  }

  /** Why it is not removed, as far as it can be told without libvirt. */
  Optional<String> kept(Path disk) {
    if (Files.isSymbolicLink(disk)) {
      return Optional.of("it is a symbolic link");
    }
    if (!inPlace(disk)) {
      return Optional.of("it is outside of the directories where Godwit makes disks");
    }
    if (common(disk)) {
      return Optional.of("other hosts may use it: it is in the directory that they share");
    }
    return openFiles.has(disk)
        ? Optional.of("something on this host has it open")
        : Optional.empty();
  }

  private boolean common(Path file) {
    return shared.filter(file::startsWith).isPresent();
  }

  boolean inPlace(Path file) {
    return places.stream().anyMatch(file.normalize()::startsWith) && file.equals(file.normalize());
  }

  /** Proofs stand beside leases, too. */
  boolean inPlaceOfProofs(Path file) {
    return inPlace(file) || (leases.has(file) && file.equals(file.normalize()));
  }

  private Trace proof(Path file, String name) {
    Optional<MigrationId> migration = SharedProof.named(name).map(ProofId::migration);
    return new Trace(
        Trace.Kind.PROOF,
        file.toString(),
        instance(Places.parent(file)),
        migration,
        "a proof that a directory is shared",
        common(file) || leases.has(file),
        migration.isPresent() ? Optional.empty() : Optional.of("its name is not one of Godwit's"),
        age(file));
  }

  private Trace half(Path directory, Path file) {
    return new Trace(
        Trace.Kind.UNFINISHED,
        file.toString(),
        instance(directory),
        Optional.empty(),
        "a marker written by half",
        common(file),
        Optional.of("nothing in it says which migration made it"),
        age(file));
  }

  private static Optional<InstanceId> instance(Path directory) {
    return parsed(String.valueOf(directory.getFileName()), InstanceId::of);
  }

  private interface Reader<T> {
    T of(String text);
  }

  private static <T> Optional<T> parsed(String text, Reader<T> reader) {
    try {
      return Optional.of(reader.of(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Duration age(Path file) {
    try {
      Duration age =
          Duration.between(
              Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant(),
              clock.instant());
      return age.isNegative() ? Duration.ZERO : age;
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }
}
