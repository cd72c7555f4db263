package dev.godwit.libvirt;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waiting for what must happen, with a limit that is far beyond what it takes. */
final class Await {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private Await() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  interface Search<T> {
    Optional<T> look() throws Exception;
  }

  static void until(String what, Condition condition) {
    found(what, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }

  static <T> T found(String what, Search<T> search) {
    long end = System.nanoTime() + LONGEST.toNanos();
    try {
      while (true) {
        Optional<T> result = search.look();
        if (result.isPresent()) {
          return result.get();
        }
        if (System.nanoTime() > end) {
          throw new AssertionError("waited " + LONGEST.toSeconds() + " s in vain: " + what);
        }
        Thread.sleep(10);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("while waiting: " + what, e);
    }
  }

  /** The next event that fits; the ones before it are taken too. */
  static <T> T next(String what, BlockingQueue<? extends T> queue, Predicate<T> fits) {
    long end = System.nanoTime() + LONGEST.toNanos();
    try {
      while (true) {
        T event = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
          throw new AssertionError("waited " + LONGEST.toSeconds() + " s in vain: " + what);
        }
        if (fits.test(event)) {
          return event;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
