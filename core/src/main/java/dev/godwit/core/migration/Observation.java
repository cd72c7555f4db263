package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.transfer.HostView;
import java.time.Duration;
import java.util.Optional;

/**
 * What was seen since the last decision.
 *
 * @param unchangedFor how long both views have been saying the same, over at least two looks
 * @param plan the outcome of planning, in phase Accepted
 * @param reply the answer to the last order
 * @param earlierSettling an earlier migration of the instance is still settling
 */
public record Observation(
    HostView source,
    HostView destination,
    Duration unchangedFor,
    Optional<PlanOutcome> plan,
    StepReply reply,
    boolean earlierSettling) {

  /** Nothing seen yet. */
  public static Observation nothing() {
    return new Observation(
        HostView.NOT_LOOKED,
        HostView.NOT_LOOKED,
        Duration.ZERO,
        Optional.empty(),
        StepReply.NONE,
        false);
  }

  /** The answer of the last order, nothing else. */
  public static Observation of(StepReply reply) {
    return new Observation(
        HostView.NOT_LOOKED, HostView.NOT_LOOKED, Duration.ZERO, Optional.empty(), reply, false);
  }
}
