package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** After the commit: forward only, each step retried until its host confirms it. */
public final class Settling {
  private static final Duration POST_COPY_LOOK = Duration.ofMillis(250);

  private Settling() {}

  /** What a dead source owes it owes from now on: also one that is back in the midst of this. */
  public static Decision.Move begin(
      Transition transition, String why, Migration migration, Observation seen, Instant now) {
    if (seen.sourceDead() && seen.destinationHasActiveGuest()) {
      return pastTheFence(transition, why, migration, seen, now);
    }
    SettleStep first = SettleStep.SOURCE_FENCED;
    Migration committed =
        seen.sourceDead() ? migration.owing(new Owed(migration.source(), first.name())) : migration;
    return new Decision.Move(
        transition,
        why,
        committed.in(new Phase.Settling(first), now),
        seen.living(migration, Orders.of(migration, first)));
  }

  /**
   * Of a source that is off, or dead: what it still has is owed while it is dead, and its fence
   * only while the guest is not seen at the destination.
   */
  static Decision.Move pastTheFence(
      Transition transition, String why, Migration migration, Observation seen, Instant now) {
    SettleStep first =
        seen.destinationHasActiveGuest() ? SettleStep.SOURCE_DEFINITION : SettleStep.SOURCE_FENCED;
    Migration fenced =
        seen.sourceDead() ? migration.owing(new Owed(migration.source(), first.name())) : migration;
    SettleStep next = SettleStep.SOURCE_FENCED.next(migration.planned()).orElseThrow();
    return new Decision.Move(
        transition, why, fenced.in(new Phase.Settling(next), now), orders(fenced, next, seen));
  }

  static Decision next(Migration migration, SettleStep step, Observation seen, Instant now) {
    if (step == SettleStep.SOURCE_SUSPENDED) {
      return Stray.atSource(migration, seen, now);
    }
    if (step == SettleStep.POST_COPY_RECOVERED) {
      return BrokenPostCopy.next(migration, seen, now);
    }
    if (seen.movedOn() && step == SettleStep.DESTINATION_RUNNING) {
      return onward(migration, step, Optional.empty(), seen, now);
    }
    List<Order> again = orders(migration, step, seen);
    return switch (seen.reply()) {
      case StepReply.Done(var remark) -> onward(migration, step, remark, seen, now);
      case StepReply _ when diedUnfenced(migration, step, seen) ->
          look(Transition.HOST_DIED, SettleStep.SOURCE_SUSPENDED, migration, now);
      case StepReply _ when waits(migration, step, seen) -> owe(migration, step, seen, now);
      case StepReply.Refused(Refusal reason) -> refused(migration, step, reason, again, now);
      case StepReply.None(), StepReply.Unanswered _ when unproven(step, seen) ->
          destinationFirst(migration, seen, now);
      case StepReply.None() -> Life.stay("settling: " + step, again, Life.RETRY);
      case StepReply.Unanswered(String why) -> Life.silent(migration, why, again, now);
    };
  }

  /** Which copy is the last one, if any is, only a look at both hosts tells. */
  private static boolean diedUnfenced(Migration migration, SettleStep step, Observation seen) {
    return step == SettleStep.SOURCE_FENCED
        && !migration.owes(migration.source())
        && (seen.sourceDead() || seen.destinationDead());
  }

  /**
   * A dead host's steps wait for it, and when one does so do those after it: they come in their
   * order when it is back. While the destination was not seen to run the guest nothing of the
   * source goes: it may be all that is left.
   */
  private static boolean waits(Migration migration, SettleStep step, Observation seen) {
    if (step.atSource() && (seen.sourceDead() || migration.owes(migration.source()))) {
      return true;
    }
    boolean needsDestination =
        step != SettleStep.SOURCE_FENCED && !(seen.movedOn() && step.atSource());
    return needsDestination && (seen.destinationDead() || migration.owes(migration.destination()));
  }

  /**
   * Definition and disks of the source may be all that is left of a guest whose destination was
   * lost since the commit: they go only while that is seen to have the guest.
   */
  private static boolean unproven(SettleStep step, Observation seen) {
    boolean takesFromSource =
        step == SettleStep.SOURCE_DEFINITION || step == SettleStep.SOURCE_FILES;
    return takesFromSource && !seen.movedOn() && !seen.destinationHasGuest();
  }

  private static Decision destinationFirst(Migration migration, Observation seen, Instant now) {
    return seen.destination() instanceof HostView.Unknown(String why)
        ? Life.silent(migration, migration.destination(), why, List.of(), now)
        : new Decision.Stay(
            "nothing of the source goes, for %s was seen without the guest: bring its definition back there with 'virsh define' ('virsh dumpxml %s' on %s shows it until it goes)"
                .formatted(migration.destination(), migration.instance(), migration.source()),
            true,
            List.of(),
            Life.RETRY);
  }

  static List<Order> orders(Migration migration, SettleStep step, Observation seen) {
    if (waits(migration, step, seen) || unproven(step, seen)) {
      return List.of();
    }
    if (!seen.movedOn()) {
      return Orders.of(migration, step);
    }
    return switch (step) {
      case DESTINATION_RUNNING -> List.of();
      // It is the instance's own no more: what it had there, and was not taken along, goes.
      case DESTINATION_OWNED -> Orders.of(migration, RollbackStep.DESTINATION_FILES);
      case SOURCE_SUSPENDED, POST_COPY_RECOVERED, SOURCE_FENCED, SOURCE_DEFINITION, SOURCE_FILES ->
          Orders.of(migration, step);
    };
  }

  private static Decision owe(Migration migration, SettleStep step, Observation seen, Instant now) {
    boolean ofSource = step.atSource() && (seen.sourceDead() || migration.owes(migration.source()));
    Owed owed = new Owed(ofSource ? migration.source() : migration.destination(), step.name());
    return onward(migration.owing(owed), step, Optional.empty(), seen, now);
  }

  private static Decision refused(
      Migration migration, SettleStep step, Refusal reason, List<Order> again, Instant now) {
    if (step == SettleStep.SOURCE_FENCED) {
      switch (reason.code()) {
        case Refusals.SOURCE_IN_POST_COPY -> {
          return Life.stay("post-copy goes on", again, POST_COPY_LOOK);
        }
        case Refusals.SOURCE_POST_COPY_FAILED -> {
          return look(Transition.POST_COPY_BROKE, SettleStep.POST_COPY_RECOVERED, migration, now);
        }
        default -> {}
      }
    }
    return switch (reason.code()) {
      // Suspended, it would be the only one, or not: a look at both tells. And that is a step of
      // its own: the "done" of a suspension must not pass for the fence's.
      case Refusals.SOURCE_RUNS ->
          look(Transition.SOURCE_RAN, SettleStep.SOURCE_SUSPENDED, migration, now);
      case Refusals.STILL_ARRIVING -> arriving(migration, reason, again, now);
      default -> new Decision.Stay(reason.sentence(), true, again, Life.RETRY);
    };
  }

  private static Decision arriving(
      Migration migration, Refusal reason, List<Order> again, Instant now) {
    boolean postCopy = migration.planned().postCopyPermitted();
    return postCopy && since(migration, now).compareTo(DecisionTable.KEEP_ALIVE) > 0
        ? PostCopyEnds.lostWithSource(migration).meanwhile(again, Life.RETRY)
        : new Decision.Stay(reason.sentence(), !postCopy, again, Life.RETRY);
  }

  private static Duration since(Migration migration, Instant now) {
    return Duration.between(migration.phaseSince(), now);
  }

  private static Decision.Move look(
      Transition transition, SettleStep step, Migration migration, Instant now) {
    return Life.move(transition, migration, new Phase.Settling(step), now, List.of());
  }

  /** What a host had to tell is the reason that the journal keeps. */
  private static Decision onward(
      Migration migration,
      SettleStep step,
      Optional<Refusal> remark,
      Observation seen,
      Instant now) {
    Optional<SettleStep> next = step.next(migration.planned());
    if (next.isEmpty()) {
      return Life.move(Transition.COMPLETE, migration, new Phase.Completed(), now, List.of());
    }
    SettleStep following = next.orElseThrow();
    List<Order> orders = orders(migration, following, seen);
    Decision.Move move =
        Life.move(Transition.SETTLE_NEXT, migration, new Phase.Settling(following), now, orders);
    return remark
        .map(told ->
            new Decision.Move(move.transition(), told.sentence(), move.next(), move.orders()))
        .orElse(move);
  }
}
