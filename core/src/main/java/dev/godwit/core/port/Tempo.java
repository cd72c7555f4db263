package dev.godwit.core.port;

import java.time.Duration;

/**
 * Time as a process feels it: how long since, and rests. What day it is, {@link java.time.Clock}
 * tells. A simulation has a tempo of its own.
 */
public interface Tempo {
  /** Nanoseconds since some moment; it never jumps (System.nanoTime). */
  long nanoTime();

  /** Rests for that long. */
  void rest(Duration length) throws InterruptedException;

  /**
   * Rests until somebody unparks this thread, or for that long, or for no reason at all
   * (LockSupport.parkNanos): the caller looks again.
   */
  void park(Duration longest);
}
