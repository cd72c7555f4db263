package dev.godwit.core.migration.transfer;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView.Seen;
import dev.godwit.core.migration.transfer.HostView.Unknown;
import dev.godwit.core.model.HandOver;
import java.time.Duration;

/**
 * Reads both hosts' views as one row. Source of the rows: libvirt's peer-to-peer protocol v3 and
 * its recovery, as observed on 9.0.0; see docs/decision-table.md.
 */
public final class DecisionTable {
  /** The larger keep-alive of the two daemons (30 s by default) and a margin. */
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(35);

  private static final int MAX_STARTS = 3;

  private DecisionTable() {}

  /**
   * The row that these two views make.
   *
   * @param unchangedFor how long they have been saying the same
   */
  public static Row row(
      HostView source, HostView destination, TransferPlan plan, Duration unchangedFor) {
    return switch (destination) {
      case Unknown _ -> destinationUnknown(source);
      case Seen(_, Inactive inactive, _) -> destinationInactive(source, inactive, plan);
      case Seen(_, Active active, _) -> destinationActive(source, active, plan, unchangedFor);
    };
  }

  private static Row destinationUnknown(HostView source) {
    return switch (source) {
      case Unknown _ -> Row.BOTH_UNKNOWN;
      case Seen(_, Inactive _, _) -> Row.SOURCE_GONE_DESTINATION_UNKNOWN;
      case Seen(_, Active active, _) -> jobLives(active) ? Row.COPYING : Row.DESTINATION_UNKNOWN;
    };
  }

  private static Row destinationInactive(HostView source, Inactive destination, TransferPlan plan) {
    return switch (source) {
      case Unknown _ -> Row.SOURCE_UNKNOWN;
      case Seen(_, Inactive gone, _) -> bothInactive(gone, destination);
      case Seen(_, Active active, TransferRecord transfer) -> {
        if (jobLives(active)) {
          yield active.reason() == StateReason.POST_COPY_FAILED ? Row.POST_COPY_LOST : Row.COPYING;
        }
        yield active.state() == RunState.PAUSED
            ? sourcePaused(active, destination, transfer, plan)
            : sourceRuns(transfer);
      }
    };
  }

  private static Row bothInactive(Inactive source, Inactive destination) {
    return switch (source.end()) {
      case SHUT_DOWN, CRASHED -> destination.mayHaveRun() ? Row.LOST : Row.ENDED_AT_SOURCE;
      case MIGRATED -> destination.mayHaveRun() ? Row.ENDED_AT_DESTINATION : Row.LOST;
      // A definition that stayed proves that libvirt never finished the move: the host went down.
      case UNKNOWN ->
          source.defined() && !destination.mayHaveRun() ? Row.ENDED_AT_SOURCE : Row.LOST;
    };
  }

  private static Row sourceRuns(TransferRecord transfer) {
    return switch (transfer) {
      case TransferRecord.NotStarted() -> Row.NOT_STARTED;
      case TransferRecord.Started() -> Row.STARTING;
      case TransferRecord.Ended _ -> Row.COPY_FAILED;
      case TransferRecord.Interrupted(int attempts) ->
          attempts < MAX_STARTS ? Row.INTERRUPTED : Row.COPY_FAILED;
    };
  }

  private static Row sourcePaused(
      Active source, Inactive destination, TransferRecord transfer, TransferPlan plan) {
    return switch (source.reason()) {
      case MIGRATION, API_ERROR, OTHER, STARTING_UP, MIGRATED -> {
        if (!destination.mayHaveRun()) {
          yield Row.NEVER_RAN;
        }
        yield plan.writableDiskShared() ? Row.SHARED_DISK_MAY_HAVE_CHANGED : Row.COPIES_ONLY;
      }
      case USER ->
          switch (sourceRuns(transfer)) {
            case COPY_FAILED -> Row.STAYED_PAUSED;
            case Row other -> other;
          };
      case IO_ERROR -> Row.STAYED_PAUSED;
      case POST_COPY, POST_COPY_FAILED -> Row.POST_COPY_LOST;
    };
  }

  private static Row destinationActive(
      HostView source, Active destination, TransferPlan plan, Duration unchangedFor) {
    if (runsInPostCopy(destination)) {
      return Row.POST_COPY_RUNNING;
    }
    if (destination.job() == JobView.INCOMING) {
      return finishing(destination) ? Row.FINISHING : incoming(source, unchangedFor);
    }
    if (arrivedPaused(destination, plan)) {
      return plan.ownerPaused() ? ownerPaused(source) : strict(source);
    }
    return arrived(source);
  }

  private static Row arrived(HostView source) {
    return switch (source) {
      case Unknown _ -> Row.ARRIVED_SOURCE_UNKNOWN;
      case Seen(_, Inactive _, _) -> Row.ARRIVED_SOURCE_GONE;
      case Seen(_, Active active, _) -> {
        if (jobLives(active)) {
          yield Row.ARRIVED;
        }
        yield active.state() == RunState.PAUSED ? Row.ARRIVED_SOURCE_STUCK : Row.SPLIT;
      }
    };
  }

  private static Row ownerPaused(HostView source) {
    return switch (source) {
      case Seen(_, Active active, _) when !jobLives(active) && active.state() != RunState.PAUSED ->
          Row.STRICT_SOURCE_RUNS;
      case Seen _, Unknown _ -> Row.ARRIVED_PAUSED;
    };
  }

  private static Row strict(HostView source) {
    return switch (source) {
      case Unknown _ -> Row.STRICT_SOURCE_UNKNOWN;
      case Seen(_, Inactive _, _) -> Row.ARRIVED_SOURCE_GONE;
      case Seen(_, Active active, _) -> {
        if (jobLives(active)) {
          yield Row.STRICT_SOURCE_STOPPING;
        }
        yield active.state() == RunState.PAUSED ? Row.ARRIVED_SOURCE_STUCK : Row.STRICT_SOURCE_RUNS;
      }
    };
  }

  private static Row incoming(HostView source, Duration unchangedFor) {
    boolean overdue = unchangedFor.compareTo(KEEP_ALIVE) >= 0;
    return switch (source) {
      case Unknown _ -> Row.SOURCE_UNKNOWN;
      case Seen(_, Inactive _, _) -> overdue ? Row.INCOMING_ABANDONED : Row.SOURCE_GONE_INCOMING;
      case Seen(_, Active active, _) -> {
        if (jobLives(active)) {
          yield active.reason() == StateReason.POST_COPY ? Row.POST_COPY_SWITCHING : Row.COPYING;
        }
        if (active.state() != RunState.PAUSED) {
          yield Row.COPY_FAILED_INCOMING;
        }
        yield overdue ? Row.INCOMING_ABANDONED : Row.INCOMING_LEFT;
      }
    };
  }

  private static boolean jobLives(Active guest) {
    return guest.job() != JobView.NONE;
  }

  private static boolean runsInPostCopy(Active destination) {
    return destination.state() == RunState.RUNNING
        && destination.job() == JobView.INCOMING
        && (destination.reason() == StateReason.POST_COPY
            || destination.reason() == StateReason.POST_COPY_FAILED);
  }

  /** Finish has started the guest, or left it paused for its owner, and is not over yet. */
  private static boolean finishing(Active destination) {
    return destination.state() == RunState.RUNNING
        || (destination.state() == RunState.PAUSED && destination.reason() == StateReason.USER);
  }

  private static boolean arrivedPaused(Active destination, TransferPlan plan) {
    return destination.state() == RunState.PAUSED
        && !destination.resumedSeen()
        && (plan.ownerPaused() || plan.handOver() == HandOver.STRICT);
  }
}
