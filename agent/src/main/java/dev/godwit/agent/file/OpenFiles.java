package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

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
      Inode inode;
      try {
        inode = Inode.of(file);
      } catch (NoSuchFileException e) {
        return false;
      }
      return inProcess(file, inode) || underLoop(file);
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  /** Which file it is, whatever it is called. */
  private record Inode(Object number, Object device) {
    static Inode of(Path file) throws IOException {
      return new Inode(Files.getAttribute(file, "unix:ino"), Files.getAttribute(file, "unix:dev"));
    }
  }

  private boolean inProcess(Path file, Inode inode) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (opens(process, file, inode)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean opens(Path process, Path file, Inode inode) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (is(descriptor, file, inode)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return unseen(process, file, Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  /** A process that ended meanwhile has nothing open; of any other nothing is known. */
  private static boolean unseen(Path process, Path file, Throwable why) {
    if (why instanceof NoSuchFileException || Files.notExists(process)) {
      return false;
    }
    String whose = String.valueOf(process.getFileName());
    throw new FileTrouble(
        why instanceof AccessDeniedException
            ? "%s: expected to see what every process has open, was denied process %s. Run the agent as root."
                .formatted(file, whose)
            : "%s: expected to see what every process has open, could not look at process %s: %s"
                .formatted(file, whose, why.getMessage()));
  }

  private static boolean is(Path descriptor, Path file, Inode inode) throws IOException {
    try {
      return Inode.of(descriptor).equals(inode);
    } catch (IOException e) {
      return named(descriptor, file);
    }
  }

  /** A descriptor that cannot be looked through is closed by now, or shows at least a name. */
  private static boolean named(Path descriptor, Path file) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
    } catch (NoSuchFileException | AccessDeniedException e) {
      // Descriptors that may be counted and not looked at are of a process with more rights than
      // the agent has, as one outside of its container; no QEMU is one.
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
