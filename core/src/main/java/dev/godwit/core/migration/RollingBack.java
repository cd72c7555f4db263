package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.model.Refusal;
import java.time.Instant;
import java.util.List;

/** The way back: each step retried until its host confirms it. */
public final class RollingBack {
  private RollingBack() {}

  /** Goes back from where no copy was ordered: a domain at the destination is not ours. */
  static Decision.Move undo(
      Transition transition, String why, Migration migration, Ending ending, Instant now) {
    return begin(
        transition,
        why,
        migration,
        new Phase.RollingBack(RollbackStep.DESTINATION_FILES, ending),
        now);
  }

  /**
   * Goes back under a new epoch: an order of the way forward that is still under way somewhere is
   * refused when it arrives.
   */
  public static Decision.Move begin(
      Transition transition,
      String why,
      Migration migration,
      Phase.RollingBack first,
      Instant now) {
    Migration fenced = migration.with(migration.epoch().next());
    return new Decision.Move(
        transition, why, fenced.in(first, now), Orders.of(fenced, first.step()));
  }

  static Decision next(
      Migration migration, RollbackStep step, Ending ending, Observation seen, Instant now) {
    if (step == RollbackStep.DESTINATION_SUSPENDED) {
      return Stray.atDestination(migration, ending, seen, now);
    }
    return switch (seen.reply()) {
      case StepReply.None() ->
          Life.stay("rolling back: " + step, Orders.of(migration, step), Life.RETRY);
      case StepReply.Unanswered(String why) ->
          Life.silent(migration, why, Orders.of(migration, step), now);
      case StepReply.Refused(var reason)
          when step == RollbackStep.DESTINATION_DOMAIN
              && reason.code().equals(Refusals.DESTINATION_RUNS) ->
          // A late Finish started it although the source runs. Suspending it is a step of its own:
          // its "done" must not pass for the clearing.
          back(
              Transition.DESTINATION_RAN,
              migration,
              new Phase.RollingBack(RollbackStep.DESTINATION_SUSPENDED, ending),
              now);
      case StepReply.Refused(var reason) ->
          new Decision.Stay(reason.sentence(), true, Orders.of(migration, step), Life.RETRY);
      case StepReply.Done(var remark) ->
          onward(migration, step, remark.map(ending::remarked).orElse(ending), now);
    };
  }

  private static Decision onward(
      Migration migration, RollbackStep step, Ending ending, Instant now) {
    return step.next()
        .<Decision>map(next ->
            back(Transition.ROLL_BACK_NEXT, migration, new Phase.RollingBack(next, ending), now))
        .orElseGet(() -> rolledBack(migration, ending, now));
  }

  private static Decision.Move back(
      Transition transition, Migration migration, Phase.RollingBack phase, Instant now) {
    return Life.move(transition, migration, phase, now, Orders.of(migration, phase.step()));
  }

  private static Decision rolledBack(Migration migration, Ending ending, Instant now) {
    return ending.cancelled()
        ? Life.move(
            Transition.ROLLED_BACK_CANCELLED,
            migration,
            new Phase.Cancelled(ending),
            now,
            List.of())
        : new Decision.Move(
            Transition.ROLLED_BACK_FAILED,
            cause(ending),
            migration.in(new Phase.Failed(ending), now),
            List.of());
  }

  /** What a failed move is remembered by: not its last step, but what made it fail. */
  private static String cause(Ending ending) {
    return ending.reasons().stream()
        .findFirst()
        .map(Refusal::sentence)
        .orElse(Transition.ROLLED_BACK_FAILED.when());
  }
}
