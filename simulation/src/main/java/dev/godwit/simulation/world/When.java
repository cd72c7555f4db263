package dev.godwit.simulation.world;

import java.time.Duration;

/** When something befalls. */
public sealed interface When {
  /** At that time after the first wish. */
  record At(Duration after) implements When {}

  /** So long after the n-th line of the story that has these words in it. */
  record Line(String words, int number, Duration after) implements When {}
}
