package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.HostView.Fenced;
import dev.godwit.core.migration.transfer.HostView.Seen;
import dev.godwit.core.migration.transfer.HostView.Unknown;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.Transferring;
import dev.godwit.core.model.HostName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The end of a split that libvirt made: the copy that the record does not own is kept suspended. It
 * may go when the owner was seen healthy for a while and no writable disk is shared; else an
 * operator decides which of both to destroy.
 */
final class Stray {
  /** Long enough for libvirt to end a job and for a QEMU to fall; a move is over within 5 s. */
  private static final Duration HEALTHY = Duration.ofSeconds(3);

  private static final Duration HELD = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofMillis(50);

  private Stray() {}

  /** After the commit: the source is the stray. */
  static Decision atSource(Migration migration, Observation seen, Instant now) {
    Decision.Move onward =
        Life.move(
            Transition.SETTLE_NEXT,
            migration,
            new Phase.Settling(SettleStep.SOURCE_FENCED),
            now,
            Settling.orders(migration, SettleStep.SOURCE_FENCED, seen));
    return next(
        new Sides(seen.source(), seen.destination(), seen.unchangedFor()), migration, onward);
  }

  /** Before it: the destination is. */
  static Decision atDestination(Migration migration, Ending ending, Observation seen, Instant now) {
    Decision.Move onward =
        Life.move(
            Transition.ROLL_BACK_NEXT,
            migration,
            new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, ending),
            now,
            RollingBack.orders(migration, RollbackStep.DESTINATION_DOMAIN, seen));
    return next(
        new Sides(seen.destination(), seen.source(), seen.unchangedFor()), migration, onward);
  }

  private record Sides(HostView stray, HostView owner, Duration unchangedFor) {
    /** One of both views is the older: only the second time it is certain that both are so now. */
    boolean seenTwice() {
      return unchangedFor.compareTo(Transferring.SECOND_LOOK) >= 0;
    }
  }

  private static Decision next(Sides sides, Migration migration, Decision.Move onward) {
    return switch (sides.stray) {
      case Unknown(String why) ->
          alarm("two copies ran; the host of the stray is silent: " + why, List.of(), Life.RETRY);
      case Fenced _ -> onward;
      case Seen(_, Inactive _, _) -> onward;
      case Seen(_, Active stray, _) ->
          switch (stray.state()) {
            case RUNNING -> running(sides, migration);
            case PAUSED, CRASHED -> suspended(sides, stray, migration, onward);
            // It can be neither suspended nor taken for stopped: its fence would be refused.
            case SUSPENDED, SHUTTING_DOWN, SHUT_OFF, OTHER ->
                held(
                    "two copies are there, and the one that the record does not own is %s"
                        .formatted(stray.state()),
                    migration);
          };
    };
  }

  private static Decision running(Sides sides, Migration migration) {
    if (sides.owner instanceof Unknown(String why)) {
      return alarm(
          "the copy that the record does not own runs, and the host of its owner is silent: it may be the only one and is left running: "
              + why,
          List.of(),
          Life.RETRY);
    }
    if (stopped(sides.owner)) {
      // No split: suspending the only copy that runs would leave none.
      return held("the copy that the record does not own is the only one that runs", migration);
    }
    return alarm(
        "two copies run: the one that the record does not own is suspended",
        sides.seenTwice() ? suspend(migration) : List.of(),
        SOON);
  }

  private static boolean stopped(HostView host) {
    return switch (host) {
      case Unknown _ -> false;
      case Fenced _ -> true;
      case Seen(_, Inactive _, _) -> true;
      case Seen(_, Active active, _) -> !active.live();
    };
  }

  private static boolean live(HostView host) {
    return host instanceof Seen(_, Active active, _) && active.live();
  }

  private static Decision suspended(
      Sides sides, Active stray, Migration migration, Decision.Move onward) {
    if (stray.pausedInPostCopy() && live(sides.owner)) {
      // It was taken for dead, and is not.
      return onward;
    }
    if (stray.pausedInPostCopy()) {
      return alarm(Refusals.lostWithDestination(migration), List.of(), HELD);
    }
    if (stopped(sides.owner) && !healthy(sides.owner, migration)) {
      return held(
          "the copy that the record does not own is paused, and its owner does not run: it may be the last one",
          migration);
    }
    if (migration.planned().writableDiskShared()) {
      return held("two copies ran on a shared disk: one is suspended", migration);
    }
    boolean waited = sides.unchangedFor.compareTo(HEALTHY) >= 0;
    return waited && healthy(sides.owner, migration)
        ? onward
        : alarm(
            "two copies ran: one is suspended, and goes when the owner was healthy for %d s"
                .formatted(HEALTHY.toSeconds()),
            List.of(),
            Life.RETRY);
  }

  /** Runs, or is paused as it should be, and nothing moves it. */
  private static boolean healthy(HostView owner, Migration migration) {
    boolean mayBePaused = migration.planned().arrivesPaused();
    return owner instanceof Seen(_, Active active, _)
        && active.job() == JobView.NONE
        && (active.state() == RunState.RUNNING
            || (mayBePaused && active.state() == RunState.PAUSED));
  }

  private static List<Order> suspend(Migration migration) {
    return migration.phase().committed()
        ? Orders.of(migration, SettleStep.SOURCE_SUSPENDED)
        : Orders.of(migration, RollbackStep.DESTINATION_SUSPENDED);
  }

  /** Nobody but an operator may end it. */
  private static Decision held(String why, Migration migration) {
    HostName host = migration.phase().committed() ? migration.source() : migration.destination();
    return alarm(why + ". " + Refusals.endCopy(migration, host), List.of(), HELD);
  }

  private static Decision alarm(String why, List<Order> orders, Duration lookAgain) {
    return new Decision.Stay(why, true, orders, lookAgain);
  }
}
