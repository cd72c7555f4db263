package dev.godwit.core.migration;

import dev.godwit.core.model.Refusal;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a migration that does not complete ends.
 *
 * @param cancelled somebody asked for it; otherwise it failed
 * @param refused it was refused by a check before anything was made
 * @param reasons why, for people and programs
 */
public record Ending(boolean cancelled, boolean refused, List<Refusal> reasons) {
  public Ending {
    reasons = List.copyOf(reasons);
  }

  /** Ended by an abort. */
  public static Ending aborted() {
    return new Ending(true, false, List.of());
  }

  /**
   * The same failure with what a host saw, last: it may be the cause or not. An abort needs none.
   */
  public Ending remarked(Refusal seen) {
    return cancelled || reasons.contains(seen)
        ? this
        : new Ending(false, refused, Stream.concat(reasons.stream(), Stream.of(seen)).toList());
  }

  /** Ended by a failure. */
  public static Ending failed(Refusal reason) {
    return new Ending(false, false, List.of(reason));
  }

  /** Refused by the pre-checks. */
  public static Ending refused(List<Refusal> reasons) {
    return new Ending(false, true, reasons);
  }
}
