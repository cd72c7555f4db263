package dev.godwit.lab.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Looks whether a migration is over, or held. The journal is read each time; the API, which may be
 * slow or silent, is asked beside it and less often, so that no moment is missed meanwhile.
 */
final class End {
  private static final Duration ASK_EACH = Duration.ofSeconds(1);

  /** What goes on by itself within this time was not held. */
  private static final Duration HELD = Duration.ofSeconds(5);

  private final Documented documented;
  private final Case it;
  private final Lookout lookout;
  private Instant free = Instant.now();
  private Told told = new Told(free, Optional.empty());
  private CompletableFuture<Told> asked = CompletableFuture.completedFuture(told);

  End(Documented documented, Case it, Lookout lookout) {
    this.documented = documented;
    this.it = it;
    this.lookout = lookout;
  }

  /**
   * What the API told.
   *
   * @param at when it was asked
   * @param held why the migration is not over and waits for an operator; empty while it does not
   */
  private record Told(Instant at, Optional<String> held) {}

  boolean come() {
    if (lookout.over()) {
      told = new Told(Instant.now(), Optional.empty());
      return true;
    }
    if (asked.isDone() && Duration.between(told.at(), Instant.now()).compareTo(ASK_EACH) > 0) {
      hear(asked.join());
      asked = CompletableFuture.supplyAsync(this::ask, Thread::startVirtualThread);
    }
    return told.held().isPresent() && Duration.between(free, told.at()).compareTo(HELD) > 0;
  }

  private Told ask() {
    return new Told(Instant.now(), lookout.shown().flatMap(now -> documented.held(it, now)));
  }

  private void hear(Told answer) {
    told = answer;
    if (told.held().isEmpty()) {
      free = told.at();
    }
  }

  /** Why it is not over and waits for an operator. */
  Optional<String> held() {
    return told.held();
  }
}
