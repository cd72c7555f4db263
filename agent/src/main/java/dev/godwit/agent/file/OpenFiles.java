package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Which files this host has open: its processes, in whatever mount namespace, as /proc tells, and
 * its loop devices, which no process shows, as /sys tells.
 */
public final class OpenFiles {
  private final Path proc;
  private final Path sys;

  public OpenFiles(Path proc, Path sys) {
    this.proc = proc;
    this.sys = sys;
  }

  /**
   * True when something has the file open, by device and inode and not by name. {@link FileTrouble}
   * when some process cannot be looked at: not seen is not the same as not open.
   */
  public boolean has(Path file) {
    try {
      Object inode = Files.getAttribute(file, "unix:ino");
      Object device = Files.getAttribute(file, "unix:dev");
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
        for (Path process : processes) {
          if (opens(process, file, inode, device)) {
            return true;
          }
        }
      }
      return underLoop(file);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static boolean opens(Path process, Path file, Object inode, Object device) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (is(descriptor, file, inode, device)) {
          return true;
        }
      }
      return false;
    } catch (AccessDeniedException e) {
      throw new FileTrouble(
          "%s: expected to see what every process has open, was denied process %s. Run the agent as root."
              .formatted(file, process.getFileName()));
    } catch (IOException | DirectoryIteratorException e) {
      // The process ended meanwhile.
      return false;
    }
  }

  private static boolean is(Path descriptor, Path file, Object inode, Object device) {
    try {
      return Files.getAttribute(descriptor, "unix:ino").equals(inode)
          && Files.getAttribute(descriptor, "unix:dev").equals(device);
    } catch (IOException e) {
      return named(descriptor, file);
    }
  }

  /** A descriptor that cannot be looked through is closed by now, or shows at least a name. */
  private static boolean named(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private boolean underLoop(Path file) throws IOException {
    Path block = sys.resolve("block");
    if (!Files.isDirectory(block)) {
      return false;
    }
    try (DirectoryStream<Path> loops = Files.newDirectoryStream(block, "loop*")) {
      for (Path loop : loops) {
        if (backs(loop.resolve("loop/backing_file"), file)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean backs(Path note, Path file) throws IOException {
    try {
      Path below = note.getFileSystem().getPath(Files.readString(note).strip());
      return Files.exists(below) && Files.isSameFile(below, file);
    } catch (NoSuchFileException e) {
      // A loop device with nothing behind it.
      return false;
    }
  }
}
