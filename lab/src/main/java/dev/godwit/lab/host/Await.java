package dev.godwit.lab.host;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline. */
public final class Await {
  private static final Duration LOOK_EACH = Duration.ofMillis(10);

  private Await() {}

  /** Returns when the condition holds; {@link LabFailure} when it does not in time. */
  public static void until(String what, Duration patience, BooleanSupplier condition) {
    until(what, patience, LOOK_EACH, condition);
  }

  /** The same for a condition that is dear to look at. */
  public static void until(
      String what, Duration patience, Duration lookEach, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new LabFailure("waited %d s for %s".formatted(patience.toSeconds(), what));
      }
      rest(what, lookEach);
    }
  }

  /** Lets time pass; {@link LabFailure} when it is interrupted. */
  public static void rest(String what, Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while waiting for " + what);
    }
  }
}
