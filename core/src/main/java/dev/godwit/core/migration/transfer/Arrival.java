package dev.godwit.core.migration.transfer;

import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView.Fenced;
import dev.godwit.core.migration.transfer.HostView.Seen;
import dev.godwit.core.migration.transfer.HostView.Unknown;
import java.time.Duration;

/** The rows in which the destination holds an active domain. */
final class Arrival {
  private final HostView source;
  private final Active destination;
  private final TransferPlan plan;
  private final Wishes wishes;
  private final boolean overdue;

  private Arrival(
      HostView source, Active destination, TransferPlan plan, Wishes wishes, boolean overdue) {
    this.source = source;
    this.destination = destination;
    this.plan = plan;
    this.wishes = wishes;
    this.overdue = overdue;
  }

  static Row row(
      HostView source,
      Active destination,
      TransferPlan plan,
      Wishes wishes,
      Duration unchangedFor) {
    boolean overdue = unchangedFor.compareTo(DecisionTable.KEEP_ALIVE) >= 0;
    return new Arrival(source, destination, plan, wishes, overdue).row();
  }

  private Row row() {
    if (destination.job() == JobView.INCOMING) {
      if (runsInPostCopy()) {
        return memoryIsGone() ? Row.POST_COPY_SOURCE_GONE : Row.POST_COPY_RUNNING;
      }
      return finishing() ? Row.FINISHING : incoming();
    }
    if (arrivedPaused()) {
      return plan.ownerPaused() ? ownerPaused() : strict();
    }
    return arrived();
  }

  private boolean memoryIsGone() {
    return switch (source) {
      case Unknown _, Seen(_, Active _, _) -> false;
      case Fenced _ -> true;
      case Seen(_, Inactive gone, _) -> gone.end() != End.MIGRATED;
    };
  }

  private Row arrived() {
    return switch (source) {
      // A stopped guest at the destination may be a stray that was suspended.
      case Unknown _ -> destination.live() ? Row.ARRIVED_SOURCE_UNKNOWN : Row.SOURCE_UNKNOWN;
      case Fenced _, Seen(_, Inactive _, _) -> Row.ARRIVED_SOURCE_GONE;
      case Seen(_, Active active, _) -> {
        if (active.migrating()) {
          // What was never seen to run here is not at home here.
          yield destination.live() || destination.resumedSeen() ? Row.ARRIVED : Row.FINISHING;
        }
        if (active.live()) {
          yield Row.SPLIT;
        }
        yield destination.live() || leftByTheMove(active)
            ? Row.ARRIVED_SOURCE_STUCK
            : Row.BOTH_STOPPED;
      }
    };
  }

  private Row ownerPaused() {
    return switch (source) {
      case Unknown _ -> Row.ARRIVED_SOURCE_UNKNOWN;
      // Nobody has resumed it anywhere.
      case Fenced _ -> Row.ARRIVED_SOURCE_GONE;
      case Seen(_, Inactive gone, _) -> goneAfterArrivingPaused(gone);
      case Seen(_, Active active, _) -> {
        if (active.migrating()) {
          // One that runs was resumed since, and may run on when libvirt ends its job.
          yield active.live() ? Row.FINISHING : Row.ARRIVED_PAUSED;
        }
        boolean asItWas = active.state() == RunState.PAUSED && active.reason() == StateReason.USER;
        yield asItWas || leftByTheMove(active) ? Row.ARRIVED_SOURCE_STUCK : Row.STRICT_SOURCE_RUNS;
      }
    };
  }

  private Row strict() {
    return switch (source) {
      case Unknown _ -> Row.STRICT_SOURCE_UNKNOWN;
      case Fenced _ -> perhapsOld();
      case Seen(_, Inactive gone, _)
          when gone.mayHaveRun() && (gone.end() == End.CRASHED || gone.end() == End.UNKNOWN) ->
          perhapsOld();
      case Seen(_, Inactive gone, _) -> goneAfterArrivingPaused(gone);
      case Seen(_, Active active, _) -> {
        if (active.migrating()) {
          yield Row.STRICT_SOURCE_STOPPING;
        }
        // Paused in another way, it ran after the hand-over failed: its memory is the newer one.
        yield leftByTheMove(active) ? Row.ARRIVED_SOURCE_STUCK : Row.STRICT_SOURCE_RUNS;
      }
    };
  }

  /** libvirt may have resumed the source before it went. */
  private Row perhapsOld() {
    if (plan.writableDiskShared()) {
      return Row.STRICT_MAY_BE_OLD;
    }
    return plan.differsByHost() ? older() : Row.ARRIVED_SOURCE_GONE;
  }

  /** Which disks are the ones nobody can tell but an operator, of a source that has them. */
  private Row older() {
    if (wishes.ruling().isEmpty()) {
      return Row.COPY_MAY_BE_OLD;
    }
    if (wishes.ruling().orElseThrow().home().equals(plan.destination())) {
      return Row.ARRIVED_SOURCE_GONE;
    }
    return sourceDefines() ? Row.RULED_FOR_SOURCE : Row.COPY_MAY_BE_OLD;
  }

  private boolean sourceDefines() {
    return source instanceof Seen(_, Inactive(boolean defined, _, _), _) && defined;
  }

  /**
   * A guest that the move had paused cannot shut itself down: it ran on after the hand-over failed,
   * or somebody wanted it off.
   */
  private static Row goneAfterArrivingPaused(Inactive source) {
    return source.end() == End.SHUT_DOWN ? Row.ENDED_AT_SOURCE : Row.ARRIVED_SOURCE_GONE;
  }

  private Row incoming() {
    return switch (source) {
      case Unknown _ -> Row.SOURCE_UNKNOWN;
      case Fenced _ -> sourceGone();
      // "Migrated" proves that Finish succeeded: what is incoming is the only copy.
      case Seen(_, Inactive gone, _) ->
          gone.end() == End.MIGRATED ? Row.SOURCE_GONE_INCOMING : sourceGone();
      case Seen(_, Active active, _) -> {
        if (active.pausedInPostCopy()) {
          yield Row.POST_COPY_SWITCHING;
        }
        if (active.migrating()) {
          yield Row.COPYING;
        }
        yield active.state() == RunState.PAUSED ? left() : Row.COPY_FAILED_INCOMING;
      }
    };
  }

  private Row sourceGone() {
    if (!overdue) {
      return Row.SOURCE_GONE_INCOMING;
    }
    return finishBegan() ? Row.INCOMING_MAY_BE_WHOLE : Row.INCOMING_ABANDONED;
  }

  /** Its definition came with the good Finish, for which all memory has to be here. */
  private boolean finishBegan() {
    return destination.persistent() || destination.resumedSeen();
  }

  private Row left() {
    if (!overdue) {
      return Row.INCOMING_LEFT;
    }
    // Clearing it takes the definition along, which is the proof that it may have run.
    return finishBegan() && plan.writableDiskShared()
        ? Row.SHARED_DISK_MAY_HAVE_CHANGED
        : Row.INCOMING_ABANDONED;
  }

  private static boolean leftByTheMove(Active source) {
    return source.state() == RunState.PAUSED
        && (source.reason() == StateReason.MIGRATION || source.reason() == StateReason.API_ERROR);
  }

  private boolean runsInPostCopy() {
    return destination.state() == RunState.RUNNING
        && (destination.reason() == StateReason.POST_COPY
            || destination.reason() == StateReason.POST_COPY_FAILED);
  }

  /**
   * Finish has started the guest, or left it paused for its owner, and is not over yet. One that
   * does not run and is stuck there is treated as any incoming guest that nobody finishes.
   */
  private boolean finishing() {
    return destination.state() == RunState.RUNNING
        || (!overdue
            && destination.state() == RunState.PAUSED
            && destination.reason() == StateReason.USER);
  }

  private boolean arrivedPaused() {
    return destination.state() == RunState.PAUSED
        && !destination.resumedSeen()
        && plan.arrivesPaused();
  }
}
