package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.HostView.Fenced;
import dev.godwit.core.migration.transfer.HostView.Seen;
import dev.godwit.core.migration.transfer.HostView.Unknown;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.Transferring;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The end of a split that libvirt made: the copy that the record does not own is suspended. It goes
 * when the owner was seen healthy for a while and no writable disk is shared; on a shared disk an
 * operator ends it. One that may be the last copy is kept, whatever the record says, until an
 * operator says that it is the guest: then the record follows.
 */
final class Stray {
  /** Long enough for libvirt to end a job and for a QEMU to fall; a move is over within 5 s. */
  private static final Duration HEALTHY = Duration.ofSeconds(3);

  private static final Duration SOON = Duration.ofMillis(50);

  private final Migration migration;
  private final HostName host;
  private final HostName home;
  private final HostView stray;
  private final HostView owner;
  private final Observation seen;
  private final Instant now;

  private Stray(Migration migration, Observation seen, Instant now) {
    boolean committed = migration.phase().committed();
    this.migration = migration;
    this.seen = seen;
    this.now = now;
    this.host = committed ? migration.source() : migration.destination();
    this.home = committed ? migration.destination() : migration.source();
    this.stray = committed ? seen.source() : seen.destination();
    this.owner = committed ? seen.destination() : seen.source();
  }

  /** After the commit: the source is the stray. */
  static Decision atSource(Migration migration, Observation seen, Instant now) {
    return new Stray(migration, seen, now).next();
  }

  /** Before it: the destination is. */
  static Decision atDestination(Migration migration, Observation seen, Instant now) {
    return new Stray(migration, seen, now).next();
  }

  private Decision next() {
    return switch (stray) {
      case Unknown(String why) ->
          alarm(
              "two copies ran; the host of the stray is silent (%s); %s"
                  .formatted(why, Refusals.sayDead(host)));
      case Fenced _ -> off(false);
      case Seen(_, Inactive gone, _) -> off(neverRanOn(gone));
      case Seen(_, Active active, _) ->
          switch (active.state()) {
            case RUNNING -> running(active);
            case PAUSED, CRASHED -> suspended(active);
            // It can be neither suspended nor taken for stopped: its fence would be refused.
            case SUSPENDED, SHUTTING_DOWN, SHUT_OFF, OTHER -> asleep(active);
          };
    };
  }

  /** By libvirt's word, or by that of an agent which heard all. */
  private boolean neverRanOn(Inactive gone) {
    return !gone.mayHaveRun() || (migration.phase().committed() && gone.end() == End.MIGRATED);
  }

  /** Its disks may be what the guest wrote last. */
  private Decision off(boolean neverRanOn) {
    if (neverRanOn || seen.movedOn()) {
      return onward();
    }
    if (arrivalWaits() && migration.planned().writableDiskShared()) {
      return old();
    }
    if (!migration.planned().differsByHost() || migration.ruledFor(home)) {
      return onward();
    }
    return switch (owner) {
      case Unknown(String why) -> ownerSilent(why);
      case Fenced _ -> stray instanceof Fenced ? onward() : unruled();
      case Seen(_, Inactive _, _) -> unruled();
      case Seen(_, Active _, _) -> arrivalWaits() ? unruled() : onward();
    };
  }

  private Decision unruled() {
    if (migration.ruledFor(host) && stray instanceof Seen && seenTwice()) {
      return ruled();
    }
    return Decision.Stay.held(
        "the copy on %s, which the record does not own, is off and may have run last: its disks differ from those on %s"
            .formatted(host, home),
        WayOut.rule(migration, seen).on(Hold.STRAY_OFF));
  }

  private Decision.Move onward() {
    boolean there = stray instanceof Seen(_, Active _, _);
    return switch (migration.phase()) {
      case Phase.RollingBack(_, Ending ending) ->
          RollingBack.to(RollbackStep.DESTINATION_DOMAIN, migration, ending, seen, now);
      case Phase _ when there ->
          Life.move(
              Transition.SETTLE_NEXT,
              migration,
              new Phase.Settling(SettleStep.SOURCE_FENCED),
              now,
              List.of(Orders.atSource(migration, new Act.FenceSource(true))));
      case Phase _ ->
          Settling.pastTheFence(
              Transition.SETTLE_NEXT, Transition.SETTLE_NEXT.when(), migration, seen, now);
    };
  }

  private Decision running(Active active) {
    if (seen.movedOn()) {
      return suspend();
    }
    if (owner instanceof Unknown(String why)) {
      return ownerSilent(why);
    }
    // Suspending the only copy that runs would leave none.
    return stopped(owner) ? kept(active) : suspend();
  }

  /** One of both views is the older: only the second time it is certain that both are so now. */
  private Decision suspend() {
    return new Decision.Stay(
        "two copies run: the one that the record does not own is suspended",
        true,
        seenTwice() ? suspension() : List.of(),
        SOON);
  }

  private boolean seenTwice() {
    return seen.unchangedFor().compareTo(Transferring.SECOND_LOOK) >= 0;
  }

  private List<Order> suspension() {
    return migration.phase().committed()
        ? Orders.of(migration, SettleStep.SOURCE_SUSPENDED)
        : Orders.of(migration, RollbackStep.DESTINATION_SUSPENDED);
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

  private Decision ownerSilent(String why) {
    return alarm(
        "the copy that the record does not own is all that is seen, for the host of its owner is silent (%s): it is left as it is; %s"
            .formatted(why, Refusals.sayDead(home)));
  }

  private Decision asleep(Active active) {
    if (owner instanceof Unknown(String why)) {
      return ownerSilent(why);
    }
    return lastCopy()
        ? kept(active)
        : held(
            "two copies are there, and the one that the record does not own is " + active.state());
  }

  private Decision suspended(Active active) {
    if (seen.movedOn() || (active.pausedInPostCopy() && live(owner))) {
      // Its guest is another one by now; or the owner was taken for dead, and is not.
      return onward();
    }
    if (owner instanceof Unknown(String why)) {
      return ownerSilent(why);
    }
    if (active.pausedInPostCopy()) {
      return PostCopyEnds.lostWithDestination(migration);
    }
    if (lastCopy()) {
      return kept(active);
    }
    if (migration.planned().writableDiskShared()) {
      return held("two copies ran on a shared disk: one is suspended");
    }
    boolean waited = seen.unchangedFor().compareTo(HEALTHY) >= 0;
    return waited && healthy(owner, migration)
        ? onward()
        : alarm(
            "two copies ran: one is suspended, and goes when the owner was healthy for %d s"
                .formatted(HEALTHY.toSeconds()));
  }

  private boolean lastCopy() {
    return !seen.movedOn() && stopped(owner) && !healthy(owner, migration);
  }

  /** Nothing tells people to end what may be all that is left. */
  private Decision kept(Active active) {
    boolean paused = active.state() == RunState.PAUSED;
    if (!paused && migration.ruledFor(host) && seenTwice()) {
      return ruled();
    }
    String why =
        owner instanceof Fenced
            ? "%s is known dead, and may be brought back".formatted(home)
            : "the record's own, on %s, does not run".formatted(home);
    String kept =
        "the copy on %s, which the record does not own, may be the last one and is kept as it is: %s"
            .formatted(host, why);
    if (!paused) {
      return Decision.Stay.held(kept, WayOut.ruleCopy(migration, host, home).on(Hold.LAST_COPY));
    }
    return active.job() == JobView.NONE
        ? Decision.Stay.held(kept, resume().on(Hold.LAST_COPY))
        : Decision.Stay.held(
            kept + ". libvirt's move of it is not over", WayOut.NONE.on(Hold.LAST_COPY));
  }

  private WayOut resume() {
    return migration.planned().writableDiskShared()
        ? WayOut.resumeOrEndCopy(migration, host)
        : WayOut.resumeCopy(migration, host);
  }

  /** Against the commit, or a way back: the copy that an operator saw run is the guest. */
  private Decision ruled() {
    Refusal ruling = Refusals.ruledCopy(migration);
    Migration free = migration.owingNothing();
    return migration.phase().committed()
        ? RollingBack.begin(
            Transition.RULED_BACK,
            ruling.sentence(),
            free,
            new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(ruling)),
            seen,
            now)
        : Settling.begin(
            Transition.RULED_ON, ruling.sentence(), free.with(free.epoch().next()), seen, now);
  }

  /** It came here and waits to be resumed: no older than the source, unless that ran on. */
  private boolean arrivalWaits() {
    return migration.phase().committed()
        && migration.planned().handOver() == HandOver.STRICT
        && owner instanceof Seen(_, Active active, _)
        && active.state() == RunState.PAUSED
        && !active.resumedSeen()
        && !migration.planned().ownerPaused();
  }

  private Decision old() {
    return Decision.Stay.held(Row.STRICT_MAY_BE_OLD, WayOut.endLastCopy(migration, home));
  }

  /** Runs, or is paused as it should be, and nothing moves it. */
  private static boolean healthy(HostView owner, Migration migration) {
    boolean mayBePaused = migration.planned().arrivesPaused();
    return owner instanceof Seen(_, Active active, _)
        && active.job() == JobView.NONE
        && (active.state() == RunState.RUNNING
            || (mayBePaused && active.state() == RunState.PAUSED));
  }

  /** Its owner runs, and nobody but an operator may end it. */
  private Decision held(String why) {
    return Decision.Stay.held(why, WayOut.endCopy(migration, host).on(Hold.STRAY));
  }

  private static Decision alarm(String why) {
    return new Decision.Stay(why, true, List.of(), Life.RETRY);
  }
}
