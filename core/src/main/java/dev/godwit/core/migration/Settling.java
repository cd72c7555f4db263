package dev.godwit.core.migration;

import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** After the commit: forward only, each step retried until its host confirms it. */
final class Settling {
  private static final Duration POST_COPY_LOOK = Duration.ofMillis(250);

  private Settling() {}

  static Decision next(Migration migration, SettleStep step, Observation seen, Instant now) {
    if (step == SettleStep.SOURCE_SUSPENDED) {
      return Stray.atSource(migration, seen, now);
    }
    return switch (seen.reply()) {
      case StepReply.None() ->
          Life.stay("settling: " + step, Orders.of(migration, step), Life.RETRY);
      case StepReply.Unanswered(String why) ->
          Life.silent(migration, why, Orders.of(migration, step), now);
      case StepReply.Refused(Refusal reason) -> refused(migration, step, reason, now);
      case StepReply.Done(var remark) ->
          step.next(migration.planned())
              .<Decision>map(next -> onward(migration, next, remark, now))
              .orElseGet(() ->
                  Life.move(Transition.COMPLETE, migration, new Phase.Completed(), now, List.of()));
    };
  }

  private static Decision refused(
      Migration migration, SettleStep step, Refusal reason, Instant now) {
    if (reason.code().equals(Refusals.SOURCE_IN_POST_COPY)) {
      return Life.stay("post-copy goes on", Orders.of(migration, step), POST_COPY_LOOK);
    }
    if (reason.code().equals(Refusals.SOURCE_RUNS)) {
      return sourceRan(migration, step, now);
    }
    return new Decision.Stay(reason.sentence(), true, Orders.of(migration, step), Life.RETRY);
  }

  /** The suspension is a step of its own: its "done" must not pass for the fence's. */
  private static Decision.Move sourceRan(Migration migration, SettleStep step, Instant now) {
    // Before the fence a paused arrival was not resumed: the source is the only one that runs.
    boolean destinationWaits =
        step == SettleStep.SOURCE_FENCED
            && (migration.planned().handOver() == HandOver.STRICT
                || migration.planned().ownerPaused());
    SettleStep next = SettleStep.SOURCE_SUSPENDED;
    return Life.move(
        Transition.SOURCE_RAN,
        migration,
        new Phase.Settling(next),
        now,
        destinationWaits ? List.of() : Orders.of(migration, next));
  }

  /** What a host had to tell is the reason that the journal keeps. */
  private static Decision.Move onward(
      Migration migration, SettleStep next, Optional<Refusal> remark, Instant now) {
    Decision.Move move = enter(Transition.SETTLE_NEXT, migration, next, now);
    return remark
        .map(told ->
            new Decision.Move(move.transition(), told.sentence(), move.next(), move.orders()))
        .orElse(move);
  }

  private static Decision.Move enter(
      Transition transition, Migration migration, SettleStep step, Instant now) {
    return Life.move(
        transition, migration, new Phase.Settling(step), now, Orders.of(migration, step));
  }
}
