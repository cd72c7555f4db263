package dev.godwit.lab.torture;

import java.time.Instant;
import java.util.Optional;

/**
 * When a copy was seen to run.
 *
 * @param first in all; empty when it never was
 * @param last so far
 */
record Beats(Optional<Instant> first, Optional<Instant> last) {
  static final Beats NONE = new Beats(Optional.empty(), Optional.empty());

  /** And again. */
  Beats and(Instant now) {
    return new Beats(first.or(() -> Optional.of(now)), Optional.of(now));
  }

  /** True when it was seen since then. */
  boolean after(Instant when) {
    return last.filter(it -> it.isAfter(when)).isPresent();
  }
}
