package dev.godwit.lab.torture;

import java.time.Duration;

/**
 * Adds up the time in which two things were seen at once. One look is no proof: in its time the one
 * may have ended and the other begun, as in every hand-over.
 */
final class Overlap {
  private boolean before;
  private Duration total = Duration.ZERO;

  /**
   * A look.
   *
   * @param since the look before it
   * @param both were seen in that time
   */
  synchronized void looked(Duration since, boolean both) {
    if (both && before) {
      total = total.plus(since);
    }
    before = both;
  }

  synchronized Duration total() {
    return total;
  }
}
