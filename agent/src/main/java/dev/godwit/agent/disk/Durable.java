package dev.godwit.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What is written so is still there after a loss of power, once it was written (fsync(2)). */
public final class Durable {
  private Durable() {}

  /** Makes a directory, and those above it that are missing. */
  public static void directories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path above = directory.toAbsolutePath().getParent();
    if (above != null) {
      directories(above);
      try {
        Files.createDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      }
      force(above);
    }
  }

  /**
   * Puts a file in its place, whole or not at all.
   *
   * @param unfinished where it is written first, in the same directory; a crash may leave it there
   */
  public static void write(Path file, Path unfinished, byte[] content) throws IOException {
    try {
      fill(unfinished, content);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      forget(unfinished, e);
      throw e;
    }
    force(file.toAbsolutePath().resolveSibling(""));
  }

  /** A full disk leaves an empty file, which nobody would look for. */
  private static void forget(Path unfinished, IOException because) {
    try {
      if (Files.isRegularFile(unfinished, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(unfinished);
      }
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static void fill(Path unfinished, byte[] content) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  /** The names in a directory, or what is in a file. */
  public static void force(Path fileOrDirectory) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
