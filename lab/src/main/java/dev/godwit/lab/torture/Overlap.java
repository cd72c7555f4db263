package dev.godwit.lab.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the time in which two things were seen at once. One look is no proof: in its time the one
 * may have ended and the other begun, as in every hand-over.
 */
final class Overlap {
  private final List<Span> spans = new ArrayList<>();
  private boolean before;

  private record Span(Instant from, Instant to) {
    Duration after(Instant when) {
      Instant begin = from.isBefore(when) ? when : from;
      return begin.isBefore(to) ? Duration.between(begin, to) : Duration.ZERO;
    }
  }

  /**
   * A look.
   *
   * @param last when the look before it was
   * @param both were seen since then
   */
  synchronized void looked(Instant last, Instant now, boolean both) {
    if (both && before) {
      spans.add(new Span(last, now));
    }
    before = both;
  }

  /** What of it was after a moment. */
  synchronized Duration after(Instant when) {
    return spans.stream().map(span -> span.after(when)).reduce(Duration.ZERO, Duration::plus);
  }
}
