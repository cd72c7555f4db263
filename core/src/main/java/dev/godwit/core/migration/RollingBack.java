package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The way back: each step retried until its host confirms it. */
public final class RollingBack {
  private RollingBack() {}

  /** Goes back from where no copy is known to be ordered. */
  static Decision.Move undo(
      Transition transition,
      String why,
      Migration migration,
      Ending ending,
      Observation seen,
      Instant now) {
    return begin(
        transition,
        why,
        migration,
        new Phase.RollingBack(RollbackStep.TRANSFER_FORBIDDEN, ending),
        seen,
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
      Observation seen,
      Instant now) {
    Migration fenced = migration.with(migration.epoch().next());
    return new Decision.Move(
        transition, why, fenced.in(first, now), orders(fenced, first.step(), seen));
  }

  static Decision next(
      Migration migration, RollbackStep step, Ending ending, Observation seen, Instant now) {
    if (step == RollbackStep.TRANSFER_FORBIDDEN) {
      return Forbidding.next(migration, ending, seen, now);
    }
    if (step == RollbackStep.DESTINATION_SUSPENDED) {
      return Stray.atDestination(migration, seen, now);
    }
    List<Order> again = orders(migration, step, seen);
    return switch (seen.reply()) {
      case StepReply.Done(var remark) ->
          onward(migration, step, remark.map(ending::remarked).orElse(ending), seen, now);
      case StepReply _ when waits(migration, step, seen) -> owe(migration, step, ending, seen, now);
      case StepReply.None() -> Life.stay("rolling back: " + step, again, Life.RETRY);
      case StepReply.Unanswered(String why) -> Life.silent(migration, why, again, now);
      case StepReply.Refused(var reason)
          when step == RollbackStep.DESTINATION_DOMAIN
              && reason.code().equals(Refusals.DESTINATION_RUNS) ->
          // A late Finish started it although the source runs. Suspending it is a step of its own:
          // its "done" must not pass for the clearing.
          look(migration, ending, now);
      case StepReply.Refused(var reason)
          when step == RollbackStep.SOURCE_RESTORED && reason.code().equals(Refusals.SOURCE_GONE) ->
          sourceGone(migration, ending, again, seen, now);
      case StepReply.Refused(var reason) ->
          new Decision.Stay(reason.sentence(), true, again, Life.RETRY);
    };
  }

  /** A source that was taken for dead by mistake may have moved the guest meanwhile. */
  private static Decision sourceGone(
      Migration migration, Ending ending, List<Order> again, Observation seen, Instant now) {
    if (seen.movedOn()) {
      return Life.stay("nobody needs the source any more", again, Life.RETRY);
    }
    if (seen.destinationHasGuest()) {
      return look(migration, ending, now);
    }
    return new Decision.Stay(
        "the guest's definition is gone from %s, its home: bring it back there with 'virsh define'"
            .formatted(migration.source()),
        true,
        again,
        Life.RETRY);
  }

  private static Decision.Move look(Migration migration, Ending ending, Instant now) {
    return Life.move(
        Transition.DESTINATION_RAN,
        migration,
        new Phase.RollingBack(RollbackStep.DESTINATION_SUSPENDED, ending),
        now,
        List.of());
  }

  /** A dead host's steps wait for it, and when one does so do those after it. */
  private static boolean waits(Migration migration, RollbackStep step, Observation seen) {
    return migration.owes(host(migration, step))
        || (step.atSource() ? seen.sourceDead() : seen.destinationDead())
        || unasked(migration)
        || awaitsHome(migration, step, seen);
  }

  /** Both were dead; whichever is back in the midst of this is asked for a copy before all else. */
  private static boolean unasked(Migration migration) {
    return migration
        .owed()
        .contains(new Owed(migration.source(), RollbackStep.TRANSFER_FORBIDDEN.name()));
  }

  /**
   * Nothing of the destination goes on an operator's word for a source that is still dead: if that
   * never comes back, it may be all that is left.
   */
  private static boolean awaitsHome(Migration migration, RollbackStep step, Observation seen) {
    // Back in the midst of this, it is asked when all of its steps come in their order.
    return !step.atSource()
        && !seen.movedOn()
        && migration.ruledForSource()
        && (seen.sourceDead() || migration.owes(migration.source()));
  }

  private static HostName host(Migration migration, RollbackStep step) {
    return step.atSource() ? migration.source() : migration.destination();
  }

  private static Decision owe(
      Migration migration, RollbackStep step, Ending ending, Observation seen, Instant now) {
    HostName awaited =
        awaitsHome(migration, step, seen) ? migration.source() : host(migration, step);
    Owed owed = new Owed(awaited, step.name());
    return onward(migration.owing(owed), step, ending, seen, now);
  }

  static Decision onward(
      Migration migration, RollbackStep step, Ending ending, Observation seen, Instant now) {
    Optional<RollbackStep> next = step.next();
    if (next.isEmpty()) {
      return rolledBack(migration, ending, now);
    }
    return to(next.orElseThrow(), migration, ending, seen, now);
  }

  static Decision.Move to(
      RollbackStep step, Migration migration, Ending ending, Observation seen, Instant now) {
    return Life.move(
        Transition.ROLL_BACK_NEXT,
        migration,
        new Phase.RollingBack(step, ending),
        now,
        orders(migration, step, seen));
  }

  /** None where the step's own host waits: another order's "done" must not pass for the step's. */
  static List<Order> orders(Migration migration, RollbackStep step, Observation seen) {
    if (waits(migration, step, seen)) {
      return List.of();
    }
    return seen.living(
        migration, seen.movedOn() ? spared(migration, step) : Orders.of(migration, step));
  }

  /** The guest is elsewhere by now, or deleted: what is paused at the source is not the move's. */
  private static List<Order> spared(Migration migration, RollbackStep step) {
    return step == RollbackStep.SOURCE_RESTORED
        ? List.of(Orders.atSource(migration, new Act.RestoreSource(false, false, false)))
        : Orders.of(migration, step).stream()
            .filter(order -> !(order.act() instanceof Act.ResumeSource))
            .toList();
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
