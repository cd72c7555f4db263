package dev.godwit.server.leftovers;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Asks many at once, and waits no longer for all of them than it would for one. */
final class Together {
  private static final int MOST_AT_ONCE = 128;

  private final Tempo tempo;

  Together(Tempo tempo) {
    this.tempo = tempo;
  }

  /**
   * What came in time; whoever is not in it was slow, or not asked any more. A question that is
   * still asked then is interrupted.
   */
  <Q, A> Map<Q, A> ask(List<Q> questions, Duration patience, Function<Q, A> asking) {
    Map<Q, A> answers = new ConcurrentHashMap<>();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger open = new AtomicInteger(questions.size());
    Thread waiting = Thread.currentThread();
    ExecutorService threads =
        Executors.newFixedThreadPool(MOST_AT_ONCE, Thread.ofVirtual().factory());
    try {
      for (Q question : questions) {
        threads.execute(() -> {
          try {
            answers.put(question, asking.apply(question));
          } catch (RuntimeException | Error e) {
            failures.add(e);
          } finally {
            open.decrementAndGet();
            LockSupport.unpark(waiting);
          }
        });
      }
      await(open, patience);
      Throwable failed = failures.peek();
      if (failed != null) {
        throw new IllegalStateException("a question failed in the server", failed);
      }
      return Map.copyOf(answers);
    } finally {
      threads.shutdownNow();
    }
  }

  private void await(AtomicInteger open, Duration patience) {
    long until = tempo.nanoTime() + patience.toNanos();
    long left = patience.toNanos();
    while (open.get() > 0 && left > 0 && !Thread.currentThread().isInterrupted()) {
      tempo.park(Duration.ofNanos(left));
      left = until - tempo.nanoTime();
    }
  }
}
