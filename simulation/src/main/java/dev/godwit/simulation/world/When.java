package dev.godwit.simulation.world;

import java.time.Duration;

/** When something befalls. */
public sealed interface When {
  /** At that time after the first wish. */
  record At(Duration after) implements When {}

  /** So long after the n-th line of the journal of any migration. */
  record Entry(int number, Duration after) implements When {}

  /** So long after libvirt told of something for the n-th time. */
  record Event(String detail, int number, Duration after) implements When {}
}
