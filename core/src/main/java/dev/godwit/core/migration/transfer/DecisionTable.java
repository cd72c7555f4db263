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

/**
 * Reads both hosts' views as one row. Source of the rows: libvirt's peer-to-peer protocol v3 and
 * its recovery, as observed on 9.0.0; see docs/decision-table.md.
 */
public final class DecisionTable {
  /** The larger keep-alive of the two daemons (30 s by default) and a margin. */
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(35);

  private static final int MAX_STARTS = 3;

  private final TransferPlan plan;
  private final Wishes wishes;
  private final boolean sourceDead;
  private final boolean destinationDead;

  private DecisionTable(TransferPlan plan, Wishes wishes, HostView source, HostView destination) {
    this.plan = plan;
    this.wishes = wishes;
    this.sourceDead = source instanceof Fenced;
    this.destinationDead = destination instanceof Fenced;
  }

  /**
   * The row that these two views make.
   *
   * @param wishes tell a pause that force-complete ordered from somebody else's
   * @param unchangedFor how long they have been saying the same
   */
  public static Row row(
      HostView source,
      HostView destination,
      TransferPlan plan,
      Wishes wishes,
      Duration unchangedFor) {
    DecisionTable table = new DecisionTable(plan, wishes, source, destination);
    return switch (destination) {
      case Unknown _ -> destinationUnknown(source);
      case Fenced _ -> table.destinationDead(source);
      case Seen(_, Inactive inactive, _) -> table.destinationInactive(source, inactive);
      case Seen(_, Active active, _) -> Arrival.row(source, active, plan, wishes, unchangedFor);
    };
  }

  private static Row destinationUnknown(HostView source) {
    return switch (source) {
      case Unknown _ -> Row.BOTH_UNKNOWN;
      case Fenced _ -> Row.SOURCE_GONE_DESTINATION_UNKNOWN;
      case Seen(_, Inactive _, _) -> Row.SOURCE_GONE_DESTINATION_UNKNOWN;
      case Seen(_, Active active, _) -> {
        if (active.pausedInPostCopy()) {
          yield Row.DESTINATION_UNKNOWN;
        }
        if (active.migrating()) {
          yield Row.COPYING;
        }
        yield active.live() ? Row.SOURCE_RUNS_DESTINATION_UNKNOWN : Row.DESTINATION_UNKNOWN;
      }
    };
  }

  /** Nothing runs there any more; a guest that libvirt started there may have run. */
  private Row destinationDead(HostView source) {
    return switch (source) {
      case Unknown _ -> Row.SOURCE_UNKNOWN;
      case Fenced _ -> wishes.ruling().isEmpty() ? Row.BOTH_DEAD : lost(false, false);
      case Seen(_, Inactive gone, _) when gone.end() == End.MIGRATED -> Row.MOVED_TO_DEAD_HOST;
      case Seen(_, Active active, TransferRecord transfer)
          when !began(transfer) && !active.migrating() && !active.pausedInPostCopy() ->
          Row.DESTINATION_DEAD;
      case Seen _ ->
          destinationInactive(source, new Inactive(true, End.UNKNOWN, !plan.arrivesPaused()));
    };
  }

  private static boolean began(TransferRecord transfer) {
    return switch (transfer) {
      case TransferRecord.NotStarted(), TransferRecord.Forbidden _ -> false;
      case TransferRecord.Started(), TransferRecord.Ended _, TransferRecord.Interrupted _ -> true;
    };
  }

  private Row destinationInactive(HostView source, Inactive destination) {
    return switch (source) {
      case Unknown _ -> Row.SOURCE_UNKNOWN;
      case Fenced _ -> sourceDead(destination);
      case Seen(_, Inactive gone, _) -> bothInactive(gone, destination);
      case Seen(_, Active active, TransferRecord transfer) -> {
        if (active.pausedInPostCopy()) {
          yield active.migrating() && active.reason() == StateReason.POST_COPY
              ? Row.POST_COPY_SWITCHING
              : Row.POST_COPY_LOST;
        }
        if (active.migrating()) {
          yield Row.COPYING;
        }
        yield active.state() == RunState.PAUSED
            ? sourcePaused(active, destination, transfer)
            : sourceRuns(destination, transfer);
      }
    };
  }

  /** A guest that arrives paused leaves no more than its definition to tell that it had come. */
  private Row sourceDead(Inactive destination) {
    boolean mayHaveCome =
        destination.mayHaveRun() || (plan.arrivesPaused() && destination.defined());
    if (!mayHaveCome) {
      return Row.SOURCE_DEAD;
    }
    return off(false, destination);
  }

  private Row bothInactive(Inactive source, Inactive destination) {
    return switch (source.end()) {
      case SHUT_DOWN, CRASHED ->
          destination.mayHaveRun() ? off(source.defined(), destination) : Row.ENDED_AT_SOURCE;
      case MIGRATED ->
          destination.mayHaveRun() || destination.defined()
              ? Row.ENDED_AT_DESTINATION
              : lost(source.defined(), false);
      // The destination never ran it, so the definition that stayed has the last disks: its host
      // went down in the copy.
      case UNKNOWN ->
          source.defined() && !destination.mayHaveRun()
              ? Row.ENDED_AT_SOURCE
              : off(source.defined(), destination);
    };
  }

  /**
   * Nobody can say where it ran last, and only copied disks differ by that: shared ones are used
   * from wherever it is defined.
   */
  private Row off(boolean sourceHasIt, Inactive destination) {
    boolean destinationHasIt = !destinationDead && destination.defined();
    if (plan.differsByHost() || !(sourceHasIt || destinationHasIt)) {
      return lost(sourceHasIt, destinationHasIt);
    }
    return sourceHasIt ? Row.SHARED_OFF_AT_SOURCE : Row.SHARED_OFF_AT_DESTINATION;
  }

  /**
   * Nobody can tell but an operator: of a host that answers and has the definition, and of a dead
   * one where no other has it.
   */
  private Row lost(boolean sourceHasIt, boolean destinationHasIt) {
    if (wishes.ruling().isEmpty()) {
      return Row.LOST;
    }
    boolean nowhere = !sourceHasIt && !destinationHasIt;
    if (wishes.ruling().orElseThrow().home().equals(plan.destination())) {
      boolean home = destinationHasIt || (nowhere && destinationDead);
      return home ? Row.RULED_FOR_DESTINATION : Row.LOST;
    }
    boolean home = sourceHasIt || (nowhere && sourceDead);
    return home ? Row.RULED_FOR_SOURCE : Row.LOST;
  }

  private Row sourceRuns(Inactive destination, TransferRecord transfer) {
    return switch (transfer) {
      // libvirt decides at the beginning whether the destination starts the guest: a plan for a
      // paused guest would start a resumed one there without the hand-over it needs.
      case TransferRecord.NotStarted() -> plan.ownerPaused() ? Row.PLAN_OUTDATED : Row.NOT_STARTED;
      case TransferRecord.Forbidden _ -> plan.ownerPaused() ? Row.PLAN_OUTDATED : Row.COPY_FAILED;
      case TransferRecord.Started() -> Row.STARTING;
      case TransferRecord.Ended _ -> copyFailed(destination);
      case TransferRecord.Interrupted(int attempts) -> {
        if (plan.ownerPaused()) {
          yield Row.PLAN_OUTDATED;
        }
        yield attempts < MAX_STARTS && clean(destination)
            ? Row.INTERRUPTED
            : copyFailed(destination);
      }
    };
  }

  /**
   * The source runs, and a running guest is never harmed: it is the guest from now on, also where
   * the destination had run it and its disk is newer than its memory. That is said.
   */
  private Row copyFailed(Inactive destination) {
    if (!mayHaveRun(destination)) {
      return Row.COPY_FAILED;
    }
    return plan.writableDiskShared() ? Row.COPY_FAILED_OVER_NEWER_DISK : Row.COPY_FAILED_AFTER_RUN;
  }

  private Row sourcePaused(Active source, Inactive destination, TransferRecord transfer) {
    boolean oldMemory = mayHaveRun(destination) && plan.writableDiskShared();
    if (source.reason() == StateReason.IO_ERROR) {
      return oldMemory ? Row.SHARED_DISK_MAY_HAVE_CHANGED : Row.STAYED_PAUSED;
    }
    return switch (transfer) {
      case TransferRecord.NotStarted() -> plan.ownerPaused() ? Row.NOT_STARTED : Row.PLAN_OUTDATED;
      case TransferRecord.Forbidden _ -> plan.ownerPaused() ? Row.STAYED_PAUSED : Row.PLAN_OUTDATED;
      case TransferRecord.Interrupted(int attempts)
          when plan.ownerPaused() && attempts < MAX_STARTS && clean(destination) ->
          Row.INTERRUPTED;
      case TransferRecord.Started()
          when plan.ownerPaused() || source.reason() == StateReason.USER ->
          Row.STARTING;
      case TransferRecord.Started(), TransferRecord.Ended _, TransferRecord.Interrupted _ ->
          afterTheCopy(source, destination, oldMemory);
    };
  }

  private Row afterTheCopy(Active source, Inactive destination, boolean oldMemory) {
    if (oldMemory) {
      return Row.SHARED_DISK_MAY_HAVE_CHANGED;
    }
    if (plan.ownerPaused()) {
      return Row.STAYED_PAUSED;
    }
    if (source.reason() == StateReason.USER) {
      return wishes.forceComplete() ? Row.PAUSED_TO_COMPLETE : Row.STAYED_PAUSED;
    }
    return mayHaveRun(destination) ? Row.COPIES_ONLY : Row.NEVER_RAN;
  }

  /**
   * A guest that arrives paused is resumed after the commit and not before, by nobody: not by
   * libvirt, which forgets at its restart what it saw.
   */
  private boolean mayHaveRun(Inactive destination) {
    return destination.mayHaveRun() && !plan.arrivesPaused();
  }

  /** Nothing of an earlier try is left that would pass for a proof in the next one. */
  private static boolean clean(Inactive destination) {
    return !destination.defined() && !destination.mayHaveRun();
  }
}
