package dev.godwit.agent;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Work about one thing, one at a time, without holding up work about others. */
public final class Turns {
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  /**
   * @param users who works or waits; the last one takes the turn away
   */
  private record Turn(ReentrantLock lock, int users) {
    Turn with(int more) {
      return new Turn(lock, users + more);
    }
  }

  /** Does the work alone; empty when the turn did not come in time. */
  public <T> Optional<T> take(String about, Duration patience, Supplier<T> work) {
    Turn turn =
        turns.merge(about, new Turn(new ReentrantLock(true), 1), (known, fresh) -> known.with(1));
    try {
      if (!turn.lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      try {
        return Optional.of(work.get());
      } finally {
        turn.lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      turns.computeIfPresent(about, (key, known) -> known.users == 1 ? null : known.with(-1));
    }
  }

  /** How many things are worked on or waited for. */
  int size() {
    return turns.size();
  }
}
