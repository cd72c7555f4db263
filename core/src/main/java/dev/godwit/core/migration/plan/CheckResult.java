package dev.godwit.core.migration.plan;

import dev.godwit.core.model.Refusal;

/** One pre-check's outcome; a passed one keeps what was found, too. */
public record CheckResult(Outcome outcome, Refusal detail) {
  /** What a check says. */
  public enum Outcome {
    PASSED,
    /** The move may go on; its operator should know. */
    WARNED,
    REFUSED
  }

  /** True unless the check refused. */
  public boolean passed() {
    return outcome != Outcome.REFUSED;
  }
}
