package dev.godwit.simulation.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is in guests' images, by file and not by name: which run of a guest wrote it last; and who
 * holds the lock that QEMU takes on an image it may write.
 */
public final class Images {
  private final Map<File, Long> written = new HashMap<>();
  private final Map<File, Guest> locks = new HashMap<>();
  private final Map<UUID, Long> newest = new HashMap<>();
  private long runs;

  private record File(Object device, Object inode) {}

  private static Optional<File> file(Path path) {
    try {
      return Optional.of(
          new File(Files.getAttribute(path, "unix:dev"), Files.getAttribute(path, "unix:ino")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists(Path path) {
    return Files.isRegularFile(path);
  }

  /** A number for a run of a guest, higher than all before. */
  long newRun(UUID guest) {
    newest.put(guest, ++runs);
    return runs;
  }

  /** Its newest run on any host; 0 before it ran. */
  long newestRun(UUID guest) {
    return newest.getOrDefault(guest, 0L);
  }

  long writtenBy(Path path) {
    return file(path).map(it -> written.getOrDefault(it, 0L)).orElse(0L);
  }

  void write(Path path, long run) {
    file(path).ifPresent(it -> written.put(it, run));
  }

  /** False when another guest holds it. */
  boolean lock(Path path, Guest guest) {
    Optional<File> file = file(path);
    Guest holder = file.map(locks::get).orElse(null);
    if (holder != null && holder != guest && !holder.gone) {
      return false;
    }
    file.ifPresent(it -> locks.put(it, guest));
    return true;
  }

  /** Whether a QEMU would be refused it. */
  public boolean locked(Path path) {
    Guest holder = file(path).map(locks::get).orElse(null);
    return holder != null && !holder.gone;
  }

  void unlock(Guest guest) {
    locks.values().removeIf(holder -> holder == guest);
  }
}
