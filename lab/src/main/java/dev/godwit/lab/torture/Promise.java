package dev.godwit.lab.torture;

import java.time.Duration;

/** Within which time a move has to be over when one process was killed and started again. */
final class Promise {
  /**
   * Beyond what the copy still needs and the start of the process takes, as both are measured:
   * "Within five seconds" in docs/architecture.md. Leases, heartbeats and retries are chosen for
   * it. How long a process starts is the machine's, and no part of it.
   */
  static final Duration ALLOWED = Duration.ofSeconds(5);

  private Promise() {}

  /** True for a case that is held to it: that one process is all that is struck. */
  static boolean of(Case it) {
    return it.harm() == Harm.KILL && it.victim().process() && !it.way().compound();
  }

  static boolean broken(Duration late) {
    return late.compareTo(ALLOWED) > 0;
  }
}
