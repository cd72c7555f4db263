package dev.godwit.core.migration.transfer;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Orders;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PostCopyEnds;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.RollingBack;
import dev.godwit.core.migration.Settling;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The copy: nothing here is remembered, everything is read from both hosts. */
public final class Transferring {
  /** Two looks that far apart have to agree before anything is undone. */
  public static final Duration SECOND_LOOK = Duration.ofMillis(50);

  /** Agents tell by themselves what changes; each look costs the copy a little. */
  static final Duration WATCH = Duration.ofSeconds(1);

  static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LATELY = Duration.ofSeconds(2);

  private Transferring() {}

  /** Decides by the row that both views make. */
  public static Decision next(Migration migration, Observation seen, Instant now) {
    Row row =
        DecisionTable.row(
            seen.source(),
            seen.destination(),
            migration.planned(),
            migration.wishes(),
            seen.unchangedFor());
    if (looksAgain(row, seen)) {
      return Life.stay("looking twice: " + row.meaning(), List.of(), SECOND_LOOK);
    }
    return switch (row.verdict()) {
      case START -> Start.next(migration, row, seen, now);
      case WATCH -> watch(migration, row, seen);
      case WAIT -> await(migration, row, seen);
      case COMMIT -> commit(migration, row, seen, now);
      case ROLL_BACK -> rollBack(migration, row, seen, now);
      case RESUME_SOURCE ->
          mend(migration, row, seen, Orders.atSource(migration, new Act.ResumeSource()));
      case CLEAR_DESTINATION ->
          mend(
              migration,
              row,
              seen,
              Orders.atDestination(migration, new Act.ClearDestinationDomain()));
      case SUSPEND_DESTINATION ->
          RollingBack.begin(
              Transition.TRANSFER_FAILED,
              row.meaning(),
              migration,
              new Phase.RollingBack(
                  RollbackStep.DESTINATION_SUSPENDED, Ending.failed(why(migration, row, seen))),
              seen,
              now);
      case HOLD -> held(migration, row, seen);
    };
  }

  /**
   * Both hosts are not looked at in one moment: a source that was seen running may have ended
   * before the destination was seen to run. Only the second look tells that both do, also of a
   * split.
   */
  private static boolean looksAgain(Row row, Observation seen) {
    return row.needsTwoLooks() && seen.unchangedFor().compareTo(SECOND_LOOK) < 0;
  }

  /** A guest that the move has paused changes within libvirt's patience, or something hangs. */
  private static Decision watch(Migration migration, Row row, Observation seen) {
    boolean stands =
        overdue(seen)
            && seen.source() instanceof HostView.Seen(_, GuestView.Active source, _)
            && source.state() == RunState.PAUSED
            && source.reason() == StateReason.MIGRATION;
    String why =
        stands ? "the guest is paused by the move, and neither host ends it" : row.meaning();
    return new Decision.Stay(
        stands ? why + sayDead(migration, seen) : why, stands, wishes(migration, seen), WATCH);
  }

  /** What an operator has to know, and what they can do. */
  private static Decision held(Migration migration, Row row, Observation seen) {
    return switch (row) {
      case LOST, BOTH_DEAD, COPY_MAY_BE_OLD ->
          Decision.Stay.held(row, WayOut.rule(migration, seen));
      case SHARED_DISK_MAY_HAVE_CHANGED ->
          Decision.Stay.held(row, WayOut.endLastCopy(migration, migration.source()));
      case STRICT_MAY_BE_OLD, INCOMING_MAY_BE_WHOLE ->
          Decision.Stay.held(row, WayOut.endLastCopy(migration, migration.destination()));
      case BOTH_STOPPED -> Decision.Stay.held(row, WayOut.endOneCopy(migration));
      case POST_COPY_LOST -> PostCopyEnds.lostWithDestination(migration);
      // The source may have died in the moment in which the last memory came over.
      case POST_COPY_SOURCE_GONE ->
          overdue(seen)
              ? PostCopyEnds.lostWithSource(migration)
              : Decision.Stay.held(row, WayOut.NONE);
      default -> throw new IllegalStateException(row + " is held, and names no way out");
    };
  }

  /** Silence that lasts can be ended by somebody who knows more. */
  private static String sayDead(Migration migration, Observation seen) {
    if (seen.source() instanceof HostView.Unknown) {
      return "; " + Refusals.sayDead(migration.source());
    }
    return seen.destination() instanceof HostView.Unknown
        ? "; " + Refusals.sayDead(migration.destination())
        : "";
  }

  private static boolean overdue(Observation seen) {
    return seen.unchangedFor().compareTo(DecisionTable.KEEP_ALIVE) >= 0;
  }

  /** What takes longer than libvirt's own patience is shown to an operator. */
  private static Decision await(Migration migration, Row row, Observation seen) {
    List<Order> orders =
        row == Row.STARTING && Start.unwanted(migration)
            ? List.of(Start.neverStart(migration))
            : List.of();
    boolean overdue = overdue(seen);
    String why = overdue ? row.meaning() + sayDead(migration, seen) : row.meaning();
    return new Decision.Stay(why, overdue, orders, wait(row, seen));
  }

  private static List<Order> wishes(Migration migration, Observation seen) {
    List<Order> orders = new ArrayList<>();
    // Nobody wants it at a host that is taken for dead, also where that should be wrong.
    if (Start.unwanted(migration) || seen.destinationDead()) {
      orders.add(Orders.atSource(migration, new Act.AbortTransfer()));
    } else if (migration.wishes().forceComplete()) {
      Act act =
          migration.planned().postCopyPermitted()
              ? new Act.StartPostCopy()
              : new Act.PauseToComplete();
      orders.add(Orders.atSource(migration, act));
    }
    return orders;
  }

  /** Under a new epoch: what was ordered before the commit is refused once a host heard of it. */
  private static Decision commit(Migration migration, Row row, Observation seen, Instant now) {
    return Settling.begin(
        Transition.COMMIT,
        row == Row.RULED_FOR_DESTINATION ? Refusals.ruled(migration).sentence() : row.meaning(),
        migration.with(migration.epoch().next()),
        seen,
        now);
  }

  private static Decision rollBack(Migration migration, Row row, Observation seen, Instant now) {
    return copyAhead(migration, row, seen).orElseGet(() -> undone(migration, row, seen, now));
  }

  /**
   * Only when no copy can follow: an order that comes late, after the hand-over of another try,
   * would wake up a source that has moved, or end the guest that has arrived.
   */
  private static Decision mend(Migration migration, Row row, Observation seen, Order order) {
    return copyAhead(migration, row, seen)
        .orElseGet(() -> new Decision.Stay(row.meaning(), true, List.of(order), soon(seen)));
  }

  /** What is done as long as a copy goes on, or may yet begin. */
  private static Optional<Decision> copyAhead(Migration migration, Row row, Observation seen) {
    if (underWay(seen.source())) {
      // Its next step may be to make a guest at the destination; and a call that an agent lost may
      // be made again, by an order that comes late.
      String why = row.meaning() + "; libvirt's call is not over yet";
      return Optional.of(new Decision.Stay(why, overdue(seen), List.of(), soon(seen)));
    }
    return mayYetStart(seen.source())
        ? Optional.of(Life.stay(row.meaning(), List.of(Start.neverStart(migration)), SOON))
        : Optional.empty();
  }

  private static Decision undone(Migration migration, Row row, Observation seen, Instant now) {
    boolean cancelled = migration.wishes().abort() && !tells(row);
    return RollingBack.begin(
        cancelled ? Transition.TRANSFER_CANCELLED : Transition.TRANSFER_FAILED,
        row.meaning(),
        migration,
        new Phase.RollingBack(
            RollbackStep.DESTINATION_DOMAIN,
            cancelled ? Ending.aborted() : ending(migration, row, seen)),
        seen,
        now);
  }

  /** What has to be told although somebody wanted the move to end. */
  private static boolean tells(Row row) {
    return off(row)
        || row == Row.SOURCE_DEAD
        || row == Row.COPY_FAILED_AFTER_RUN
        || row == Row.COPY_FAILED_OVER_NEWER_DISK;
  }

  /** It runs nowhere any more, and stays at the source. */
  private static boolean off(Row row) {
    return row == Row.ENDED_AT_SOURCE
        || row == Row.SHARED_OFF_AT_SOURCE
        || row == Row.RULED_FOR_SOURCE;
  }

  private static Ending ending(Migration migration, Row row, Observation seen) {
    Ending failed = Ending.failed(why(migration, row, seen));
    return switch (row) {
      case COPY_FAILED_AFTER_RUN ->
          failed.remarked(Refusals.runAtDestinationLost(migration.instance()));
      case COPY_FAILED_OVER_NEWER_DISK ->
          failed.remarked(Refusals.diskMayBeNewer(migration.instance()));
      default -> failed;
    };
  }

  private static boolean underWay(HostView source) {
    return source instanceof HostView.Seen(_, _, TransferRecord.Started());
  }

  /** An order to start may still be on its way to this source. */
  private static boolean mayYetStart(HostView source) {
    return source instanceof HostView.Seen(_, _, TransferRecord transfer)
        && switch (transfer) {
          case TransferRecord.NotStarted(), TransferRecord.Interrupted _ -> true;
          case TransferRecord.Forbidden _, TransferRecord.Started(), TransferRecord.Ended _ ->
              false;
        };
  }

  private static Refusal why(Migration migration, Row row, Observation seen) {
    if (row == Row.ENDED_AT_SOURCE) {
      return Refusals.guestEnded(migration.instance());
    }
    if (row == Row.SHARED_OFF_AT_SOURCE) {
      return Refusals.offOnBothSides(migration.instance());
    }
    if (row == Row.RULED_FOR_SOURCE) {
      return Refusals.ruled(migration);
    }
    if (row == Row.SOURCE_DEAD || row == Row.DESTINATION_DEAD) {
      return Refusals.hostDead(
          row == Row.SOURCE_DEAD ? migration.source() : migration.destination());
    }
    Optional<Refusal> givenUp = Start.givenUp(migration);
    if (givenUp.isPresent() && row == Row.COPY_FAILED) {
      return givenUp.get();
    }
    String error = row == Row.PLAN_OUTDATED ? "" : told(seen.source());
    if (error.isEmpty()) {
      return Refusals.copyFailed(row.meaning());
    }
    return Refusals.copyFailed(
        row == Row.COPY_FAILED ? error : "%s (%s)".formatted(row.meaning(), error));
  }

  /** What the source's agent says of the copy's end. */
  private static String told(HostView source) {
    return source instanceof HostView.Seen(_, _, TransferRecord transfer)
        ? switch (transfer) {
          case TransferRecord.Forbidden(String why) -> why;
          case TransferRecord.Ended(String error) -> error;
          case TransferRecord.NotStarted(),
              TransferRecord.Started(),
              TransferRecord.Interrupted _ ->
              "";
        }
        : "";
  }

  static Duration soon(Observation seen) {
    return lately(seen) ? SOON : WATCH;
  }

  /** Agents tell by themselves what ends these; looking oftener would hold up who hands over. */
  private static Duration wait(Row row, Observation seen) {
    return switch (row) {
      case FINISHING, STRICT_SOURCE_STOPPING, STARTING, POST_COPY_SWITCHING -> soon(seen);
      default -> WATCH;
    };
  }

  /** What did not happen within two seconds does not happen in the next milliseconds. */
  private static boolean lately(Observation seen) {
    return seen.unchangedFor().compareTo(LATELY) < 0;
  }
}
