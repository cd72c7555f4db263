package dev.godwit.app.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of any file system, with all that is below them. */
final class FileTrees {
  private FileTrees() {}

  /** False when there was nothing. */
  static boolean remove(Path tree) {
    try {
      if (Files.isDirectory(tree)) {
        try (var inside = Files.newDirectoryStream(tree)) {
          inside.forEach(FileTrees::remove);
        }
      }
      return Files.deleteIfExists(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
