package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which files the processes of this host have open, as /proc tells. */
public final class OpenFiles {
  private final Path proc;

  public OpenFiles(Path proc) {
    this.proc = proc;
  }

  /** True when some process has the file open, by device and inode and not by name. */
  public boolean has(Path file) {
    try {
      Object wanted = Files.getAttribute(file, "unix:ino");
      Object device = Files.getAttribute(file, "unix:dev");
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
        for (Path process : processes) {
          if (opens(process.resolve("fd"), wanted, device)) {
            return true;
          }
        }
      }
      return false;
    } catch (java.nio.file.NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static boolean opens(Path descriptors, Object inode, Object device) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : open) {
        try {
          if (Files.getAttribute(descriptor, "unix:ino").equals(inode)
              && Files.getAttribute(descriptor, "unix:dev").equals(device)) {
            return true;
          }
        } catch (IOException e) {
          // Closed meanwhile: then it is not open.
        }
      }
      return false;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // The process ended meanwhile.
      return false;
    }
  }
}
