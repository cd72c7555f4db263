package dev.godwit.core.migration;

import dev.godwit.core.model.Refusal;
import java.util.Optional;

/** What an order's host answered. */
public sealed interface StepReply {
  /** Nothing was ordered since the last decision. */
  record None() implements StepReply {}

  /**
   * Done, or found done.
   *
   * @param remark what was seen on the way and has to be told: why the move fails, what may be left
   */
  record Done(Optional<Refusal> remark) implements StepReply {
    /** Done, and nothing to tell. */
    public Done() {
      this(Optional.empty());
    }
  }

  /** The host will not or cannot: state there is as before. */
  record Refused(Refusal reason) implements StepReply {}

  /** No answer: it may have been done. Ordered again. */
  record Unanswered(String why) implements StepReply {}

  /** Nothing ordered. */
  StepReply NONE = new None();
}
