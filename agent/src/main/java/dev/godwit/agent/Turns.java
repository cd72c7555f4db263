package dev.godwit.agent;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Work about one thing, one at a time in the order of asking, without holding up other work. */
public final class Turns {
  private final Tempo tempo;

  /** Who works, first, and who waits; nothing stays of what nobody works on. */
  private final Map<String, Queue<Thread>> lines = new ConcurrentHashMap<>();

  public Turns(Tempo tempo) {
    this.tempo = tempo;
  }

  /** The line of what does not wait behind other work about that thing. */
  public static String urgent(String about) {
    return about + " urgent";
  }

  /** Does the work alone; empty when the turn did not come in time. */
  public <T> Optional<T> take(String about, Duration patience, Supplier<T> work) {
    Queue<Thread> line = join(about);
    try {
      return comes(line, patience) ? Optional.of(work.get()) : Optional.empty();
    } finally {
      leave(about);
    }
  }

  private Queue<Thread> join(String about) {
    return lines.compute(
        about,
        (key, known) -> {
          Queue<Thread> line = known == null ? new ConcurrentLinkedQueue<>() : known;
          line.add(Thread.currentThread());
          return line;
        });
  }

  private boolean comes(Queue<Thread> line, Duration patience) {
    long until = tempo.nanoTime() + patience.toNanos();
    while (line.peek() != Thread.currentThread()) {
      long left = until - tempo.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      tempo.park(Duration.ofNanos(left));
    }
    return true;
  }

  private void leave(String about) {
    lines.computeIfPresent(
        about,
        (key, line) -> {
          line.remove(Thread.currentThread());
          LockSupport.unpark(line.peek());
          return line.isEmpty() ? null : line;
        });
  }

  /** How many things are worked on or waited for. */
  int size() {
    return lines.size();
  }
}
