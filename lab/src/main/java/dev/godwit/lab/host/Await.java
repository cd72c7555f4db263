package dev.godwit.lab.host;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline. */
public final class Await {
  private static final long LOOK_MS = 10;

  private Await() {}

  /** Returns when the condition holds; {@link LabFailure} when it does not in time. */
  public static void until(String what, Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new LabFailure("waited %d s for %s".formatted(patience.toSeconds(), what));
      }
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabFailure("interrupted while waiting for " + what);
      }
    }
  }
}
