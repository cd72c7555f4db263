package dev.godwit.agent.file;

import dev.godwit.agent.disk.Durable;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where disks are: their directories, made and removed with them. */
final class Places {
  private Places() {}

  static Path parent(Path disk) {
    Path parent = disk.getParent();
    if (parent == null) {
      throw new FileTrouble(disk + ": expected an absolute path of a disk");
    }
    return parent;
  }

  /** True when anything is there, a link that leads nowhere too. */
  static boolean taken(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Room on the directory's file system; empty when it does not tell. */
  static Optional<Long> freeBytes(Path directory) {
    try {
      return Optional.of(Files.getFileStore(directory).getUsableSpace());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * A directory for a disk and the disk's first marker; neither, when that cannot be written.
   *
   * @param marker of a disk whose directory was made for it, or was not
   */
  static void mark(InstanceId instance, Path disk, Function<Boolean, DiskMarker> marker) {
    boolean made = makeDirectory(instance, disk);
    try {
      marker.apply(made).put(disk);
    } catch (FileTrouble e) {
      removeLeftEmpty(parent(disk));
      throw e;
    }
  }

  /** What is left when an agent is killed before the first marker of a disk was whole. */
  static void removeUnmarked(Path disk) {
    if (!taken(disk) && !taken(DiskMarker.beside(disk))) {
      delete(DiskMarker.unfinished(disk));
      removeLeftEmpty(parent(disk));
    }
  }

  /** True when the directory is there only for this instance. */
  static boolean makeDirectory(InstanceId instance, Path disk) {
    Path directory = parent(disk);
    try {
      if (!Files.isDirectory(directory)) {
        Durable.directories(directory);
        return true;
      }
      return leftEmpty(instance, directory) || madeBefore(instance, directory);
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  /** An instance's directory in which nothing is any more goes, too. */
  static void removeLeftEmpty(Path directory) {
    try {
      if (leftEmpty(InstanceId.of(String.valueOf(directory.getFileName())), directory)) {
        deleteDirectory(directory);
      }
    } catch (NoSuchFileException | IllegalArgumentException e) {
      // Gone, or none of an instance.
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  /** A crash between the directory and its first marker leaves it like this. */
  private static boolean leftEmpty(InstanceId instance, Path directory) throws IOException {
    if (!String.valueOf(directory.getFileName()).equals(instance.toString())) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return !files.iterator().hasNext();
    }
  }

  private static boolean madeBefore(InstanceId instance, Path directory) throws IOException {
    try (DirectoryStream<Path> markers = Files.newDirectoryStream(directory, "*.godwit")) {
      for (Path marker : markers) {
        if (DiskMarker.of(DiskMarker.disk(marker))
            .filter(found -> found.of(instance) && found.madeDirectory())
            .isPresent()) {
          return true;
        }
      }
      return false;
    }
  }

  /** The disk, then its marker, then a directory that was made for it and is empty now. */
  static void remove(Path disk, DiskMarker marker) {
    delete(disk);
    // A disk that came back with the power, without its marker, would be nobody's for ever.
    force(parent(disk));
    delete(DiskMarker.beside(disk));
    delete(DiskMarker.unfinished(disk));
    force(parent(disk));
    if (marker.madeDirectory()) {
      deleteDirectory(parent(disk));
    }
  }

  /** A new file does not go with the power, nor what is in it. */
  static void keep(Path file) {
    try {
      Durable.force(file);
      Durable.force(parent(file));
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  /** Names that went do not come back with the power. */
  static void force(Path directory) {
    try {
      Durable.force(directory);
    } catch (NoSuchFileException e) {
      // An earlier try got that far.
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  static void deleteDirectory(Path directory) {
    try {
      Files.delete(directory);
      Durable.force(parent(directory));
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Gone already, or another disk of the instance is still there and takes it along later.
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(directory, e.getMessage()));
    }
  }

  static Refusal inTheWay(Path disk, String expected, String found) {
    return new Refusal(
        "disk-in-the-way",
        disk.toString(),
        expected,
        found,
        "Find out whose file that is; Godwit does not touch it.");
  }
}
