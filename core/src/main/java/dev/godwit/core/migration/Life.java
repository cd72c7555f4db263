package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.Transferring;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The life of a migration: one pure function from what is recorded and what was seen to what is
 * done next. Before the commit it only goes back, after it only forward.
 */
public final class Life {
  static final Duration RETRY = Duration.ofSeconds(1);

  private static final Duration PREPARE_PATIENCE = Duration.ofSeconds(60);

  /** Facts of a plan that was not begun are looked at again after this. */
  private static final Duration PLAN_LASTS = Duration.ofMinutes(2);

  private Life() {}

  /** Decides; never called for a migration that is over and owes nothing. */
  public static Decision next(Migration migration, Observation seen, Instant now) {
    return switch (migration.phase()) {
      case Phase.Accepted() -> accepted(migration, seen, now);
      case Phase.Planned() -> planned(migration, seen, now);
      case Phase.Preparing(PrepareStep step) -> preparing(migration, step, seen, now);
      case Phase.Transferring _ -> Transferring.next(migration, seen, now);
      case Phase.Settling(SettleStep step) -> Settling.next(migration, step, seen, now);
      case Phase.RollingBack(RollbackStep step, Ending ending) ->
          RollingBack.next(migration, step, ending, seen, now);
      case Phase.Completed(), Phase.Cancelled _, Phase.Failed _ -> Owing.next(migration, seen, now);
    };
  }

  /** True when the decision needs both hosts looked at. */
  public static boolean looksAtHosts(Migration migration) {
    return looksAtHosts(migration.phase()) || (migration.phase().over() && !migration.rests());
  }

  /** True when the decision needs both hosts looked at. */
  public static boolean looksAtHosts(Phase phase) {
    return switch (phase) {
      case Phase.Transferring _ -> true;
      case Phase.Settling(SettleStep step) ->
          step == SettleStep.SOURCE_SUSPENDED || step == SettleStep.POST_COPY_RECOVERED;
      case Phase.RollingBack(RollbackStep step, _) ->
          step == RollbackStep.TRANSFER_FORBIDDEN || step == RollbackStep.DESTINATION_SUSPENDED;
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Preparing _,
          Phase.Completed(),
          Phase.Cancelled _,
          Phase.Failed _ ->
          false;
    };
  }

  /** True when the decision needs the source looked at: before anything is made, by the record. */
  public static boolean looksAtSource(Migration migration, Optional<PlanOutcome> plan) {
    return migration.phase() instanceof Phase.Accepted
        && (migration.wishes().abort()
            || plan.filter(PlanOutcome.Refused.class::isInstance).isPresent());
  }

  /**
   * True when the decision needs the destination looked at. A fence that has to be tried again does
   * not wait for that.
   *
   * @param reply to the step's last order
   */
  public static boolean looksAtDestination(Phase phase, StepReply reply) {
    if (phase instanceof Phase.RollingBack(RollbackStep step, _)) {
      return step == RollbackStep.SOURCE_RESTORED && reply instanceof StepReply.Refused;
    }
    return phase instanceof Phase.Settling(SettleStep step)
        && switch (step) {
          case SOURCE_FENCED, DESTINATION_RUNNING -> reply instanceof StepReply.Done;
          case SOURCE_DEFINITION -> true;
          case SOURCE_FILES -> !(reply instanceof StepReply.Done);
          case SOURCE_SUSPENDED, POST_COPY_RECOVERED, DESTINATION_OWNED -> false;
        };
  }

  /**
   * True when the guest may since have been deleted, or have moved on to a third host, which the
   * decision needs to know: a host's debt lets both happen.
   */
  public static boolean asksWhetherMovedOn(Phase phase) {
    return switch (phase) {
      case Phase.Settling _,
          Phase.RollingBack _,
          Phase.Completed(),
          Phase.Cancelled _,
          Phase.Failed _ ->
          true;
      case Phase.Accepted(), Phase.Planned(), Phase.Preparing _, Phase.Transferring _ -> false;
    };
  }

  private static Decision accepted(Migration migration, Observation seen, Instant now) {
    if (migration.wishes().abort()) {
      Decision.Move cancel =
          move(
              Transition.CANCEL_ACCEPTED,
              migration,
              new Phase.Cancelled(Ending.aborted()),
              now,
              List.of());
      return Unbegun.end(migration, cancel, seen, now);
    }
    if (seen.sourceDead()) {
      return move(
          Transition.REFUSE,
          migration,
          new Phase.Failed(Ending.refused(List.of(Refusals.hostDead(migration.source())))),
          now,
          List.of());
    }
    if (seen.earlierSettling()) {
      return stay(
          "an earlier move of this instance is being settled", List.of(), Duration.ofMillis(200));
    }
    return switch (seen.plan()) {
      case Optional<PlanOutcome> plan when plan.isEmpty() -> new Decision.FindDestination();
      case Optional<PlanOutcome> plan -> planOutcome(migration, plan.orElseThrow(), seen, now);
    };
  }

  private static Decision planOutcome(
      Migration migration, PlanOutcome outcome, Observation seen, Instant now) {
    return switch (outcome) {
      case PlanOutcome.Chosen(var plan) ->
          move(Transition.PLAN, migration.with(plan), new Phase.Planned(), now, List.of());
      case PlanOutcome.Refused(var reasons) -> {
        Ending refused = Ending.refused(reasons);
        Decision.Move end =
            move(Transition.REFUSE, migration, new Phase.Failed(refused), now, List.of());
        yield Unbegun.end(migration, end, seen, now);
      }
      case PlanOutcome.Unanswered(String why) -> stay(why, List.of(), RETRY);
    };
  }

  private static Decision planned(Migration migration, Observation seen, Instant now) {
    if (migration.wishes().abort()) {
      return RollingBack.undo(
          Transition.CANCEL_PLANNED, "aborted", migration, Ending.aborted(), seen, now);
    }
    if (Duration.between(migration.phaseSince(), now).compareTo(PLAN_LASTS) > 0
        || seen.sourceDead()
        || seen.destinationDead()) {
      return move(Transition.REPLAN, migration.unplanned(), new Phase.Accepted(), now, List.of());
    }
    PrepareStep first = PrepareStep.DESTINATION_DIRECTORIES;
    return move(
        Transition.PREPARE,
        migration,
        new Phase.Preparing(first),
        now,
        Orders.of(migration, first));
  }

  private static Decision preparing(
      Migration migration, PrepareStep step, Observation seen, Instant now) {
    if (migration.wishes().abort()) {
      return RollingBack.undo(
          Transition.CANCEL_PREPARING, "aborted", migration, Ending.aborted(), seen, now);
    }
    if (seen.sourceDead() || seen.destinationDead()) {
      return prepareFailed(
          migration,
          Refusals.hostDead(seen.sourceDead() ? migration.source() : migration.destination()),
          seen,
          now);
    }
    return switch (seen.reply()) {
      case StepReply.None() -> stay("preparing: " + step, Orders.of(migration, step), RETRY);
      case StepReply.Unanswered(String why) when overdue(migration, now) ->
          RollingBack.undo(
              Transition.PREPARE_FAILED,
              why,
              migration,
              Ending.failed(Refusals.silent(step, why)),
              seen,
              now);
      case StepReply.Unanswered(String why) -> stay(why, Orders.of(migration, step), RETRY);
      // The earlier order may yet be done; its agent lives and says so, for however long it takes.
      case StepReply.Refused(var reason) when reason.code().equals(Refusals.AGENT_BUSY) ->
          new Decision.Stay(
              reason.sentence(), overdue(migration, now), Orders.of(migration, step), RETRY);
      case StepReply.Refused(var reason) -> prepareFailed(migration, reason, seen, now);
      case StepReply.Done _ ->
          step.next(migration.planned())
              .<Decision>map(next ->
                  move(
                      Transition.PREPARE_NEXT,
                      migration,
                      new Phase.Preparing(next),
                      now,
                      Orders.of(migration, next)))
              .orElseGet(() ->
                  move(
                      Transition.TRANSFER,
                      migration,
                      new Phase.Transferring(),
                      now,
                      List.of(Orders.startTransfer(migration))));
    };
  }

  private static Decision prepareFailed(
      Migration migration, Refusal reason, Observation seen, Instant now) {
    return RollingBack.undo(
        Transition.PREPARE_FAILED, reason.sentence(), migration, Ending.failed(reason), seen, now);
  }

  private static boolean overdue(Migration migration, Instant now) {
    return Duration.between(migration.phaseSince(), now).compareTo(PREPARE_PATIENCE) > 0;
  }

  /** A move to a phase, with the orders that begin it. */
  public static Decision.Move move(
      Transition transition, Migration migration, Phase next, Instant now, List<Order> orders) {
    return new Decision.Move(transition, transition.when(), migration.in(next, now), orders);
  }

  /** No move: wait, or repeat orders. */
  public static Decision.Stay stay(String why, List<Order> orders, Duration lookAgain) {
    return new Decision.Stay(why, false, orders, lookAgain);
  }

  /** Asks a silent host again; its silence is an operator's when it outlasts libvirt's patience. */
  static Decision.Stay silent(Migration migration, String why, List<Order> orders, Instant now) {
    HostName host = orders.isEmpty() ? migration.source() : orders.getLast().host();
    return silent(migration, host, why, orders, now);
  }

  static Decision.Stay silent(
      Migration migration, HostName host, String why, List<Order> orders, Instant now) {
    Duration silent = Duration.between(migration.phaseSince(), now);
    boolean alarm = silent.compareTo(DecisionTable.KEEP_ALIVE) >= 0;
    return new Decision.Stay(
        alarm ? why + "; " + Refusals.sayDead(host) : why, alarm, orders, RETRY);
  }
}
