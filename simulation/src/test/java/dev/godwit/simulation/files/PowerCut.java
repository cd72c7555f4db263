package dev.godwit.simulation.files;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A disk's clock that cuts the power after a number of changes: each change of a file or a name
 * asks it for the time.
 */
final class PowerCut extends Clock {
  /** The process is no more. */
  static final class Happened extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private int left = Integer.MAX_VALUE;

  /** So many more times it tells the time. */
  void after(int changes) {
    left = changes;
  }

  @Override
  public Instant instant() {
    if (left-- <= 0) {
      throw new Happened();
    }
    return NOW;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("Clock.withZone");
  }
}
