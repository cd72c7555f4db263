package dev.godwit.simulation.files;

import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one process. Java keeps its own account of them, which refuses what overlaps; Linux
 * keeps the file's, which is what other processes meet.
 */
final class Locks {
  private record Held(RegularFile file, SimulatedLock lock) {}

  private final List<Held> held = new ArrayList<>();

  @Nullable FileLock tryLock(RegularFile file, SimulatedLock wanted) {
    for (Held mine : held) {
      if (mine.file == file && mine.lock.overlaps(wanted.position(), wanted.size())) {
        throw new OverlappingFileLockException();
      }
    }
    for (SimulatedLock other : file.locks()) {
      if (other.overlaps(wanted.position(), wanted.size())
          && !(other.isShared() && wanted.isShared())) {
        return null;
      }
    }
    file.locks().add(wanted);
    held.add(new Held(file, wanted));
    return wanted;
  }

  void unlock(RegularFile file, SimulatedLock lock) {
    file.locks().remove(lock);
    held.removeIf(mine -> mine.lock == lock);
  }

  /**
   * Linux drops all locks of a process on a file when the process closes the file once, whichever
   * channel they came by, and whatever Java goes on to believe.
   */
  void closed(SimulatedChannel channel, RegularFile file) {
    held.stream().filter(mine -> mine.file == file).forEach(mine -> file.locks().remove(mine.lock));
    held.removeIf(mine -> mine.lock.acquiredBy() == channel);
  }
}
