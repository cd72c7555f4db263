package dev.godwit.lab.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks whether a migration is over, or held; the API is asked less often than the journal. */
final class End {
  private static final Duration ASK_EACH = Duration.ofSeconds(1);

  /** What goes on by itself within this time was not held. */
  private static final Duration HELD = Duration.ofSeconds(5);

  private final Documented documented = new Documented();
  private final Case it;
  private final Lookout lookout;
  private Instant asked = Instant.now();
  private Instant free = Instant.now();
  private Optional<String> held = Optional.empty();

  End(Case it, Lookout lookout) {
    this.it = it;
    this.lookout = lookout;
  }

  boolean come() {
    if (lookout.over()) {
      held = Optional.empty();
      return true;
    }
    if (Duration.between(asked, Instant.now()).compareTo(ASK_EACH) > 0) {
      asked = Instant.now();
      held = lookout.shown().flatMap(now -> documented.held(it, now));
      if (held.isEmpty()) {
        free = asked;
      }
    }
    return held.isPresent() && Duration.between(free, asked).compareTo(HELD) > 0;
  }

  /** Why it is not over and waits for an operator. */
  Optional<String> held() {
    return held;
  }
}
