package dev.godwit.server;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what must become true, with a deadline that only a failure meets. */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Await() {}

  /** Asks again and again until the answer is as wanted, and returns it. */
  public static <T> T until(String what, Supplier<T> ask, Predicate<T> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    T last = ask.get();
    while (!wanted.test(last)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came: " + what + "; last: " + last);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
      last = ask.get();
    }
    return last;
  }
}
