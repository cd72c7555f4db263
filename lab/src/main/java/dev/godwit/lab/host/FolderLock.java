package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * One at a time brings a lab up or takes it down; the next waits, for it may find nothing to do.
 */
public final class FolderLock implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration REST = Duration.ofMillis(50);

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for it; {@link LabFailure} after minutes. */
  public static FolderLock take(Path file) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<FolderLock> lock = tryTake(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      Await.rest("the lab's lock", REST);
    }
    throw LabFailure.conflict("another command has been working on this lab for too long: " + file);
  }

  /**
   * Empty when it is taken. A lab that goes down takes the file with it, and a lock on a file of
   * the past is none: the path must name the same file before, between and after.
   */
  private static Optional<FolderLock> tryTake(Path file) {
    try {
      Optional<Object> before = identity(file);
      if (before.isEmpty()) {
        Files.createFile(file);
        return Optional.empty();
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        if (identity(file).equals(before)
            && channel.tryLock() != null
            && identity(file).equals(before)) {
          return Optional.of(new FolderLock(channel));
        }
      } catch (OverlappingFileLockException taken) {
        // By another thread of this process.
      }
      channel.close();
      return Optional.empty();
    } catch (FileAlreadyExistsException | NoSuchFileException changing) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Object> identity(Path file) throws IOException {
    try {
      return Optional.of(Files.readAttributes(file, "unix:dev,ino,ctime"));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
