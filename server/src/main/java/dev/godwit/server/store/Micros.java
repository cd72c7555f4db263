package dev.godwit.server.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the database has them. */
final class Micros {
  private Micros() {}

  static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
