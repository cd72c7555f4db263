package dev.godwit.simulation.time;

import java.time.Duration;

/**
 * The time of a simulated world and the order of what happens in it: one step after the other, so
 * that nothing in the world needs a lock.
 */
public sealed interface Timeline permits SeededTimeline, MachineTimeline {
  /** Since the beginning of the world. */
  long nanos();

  /** Since the beginning of the world. */
  default Duration now() {
    return Duration.ofNanos(nanos());
  }

  /** Work that is done then, on the world's own thread: it must not block. */
  void after(Duration delay, Runnable work);

  /** Work that can be done now. */
  void ready(Runnable work);
}
