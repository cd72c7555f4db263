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
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The copy: nothing here is remembered, everything is read from both hosts. */
public final class Transferring {
  /** Two looks that far apart have to agree before anything is undone. */
  public static final Duration SECOND_LOOK = Duration.ofMillis(50);

  private static final Duration WATCH = Duration.ofMillis(500);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration HELD = Duration.ofSeconds(5);

  private Transferring() {}

  /** Decides by the row that both views make. */
  public static Decision next(Migration migration, Observation seen, Instant now) {
    Row row =
        DecisionTable.row(
            seen.source(), seen.destination(), migration.planned(), seen.unchangedFor());
    if (row.needsTwoLooks() && seen.unchangedFor().compareTo(SECOND_LOOK) < 0) {
      return Life.stay("looking twice: " + row.meaning(), List.of(), SECOND_LOOK);
    }
    return switch (row.verdict()) {
      case START -> start(migration, row);
      case WATCH -> Life.stay(row.meaning(), wishes(migration), WATCH);
      case WAIT -> Life.stay(row.meaning(), List.of(), wait(row));
      case COMMIT -> commit(migration, row, now);
      case ROLL_BACK -> rollBack(migration, row, seen, now);
      case RESUME_SOURCE -> alarm(row, Orders.atSource(migration, new Act.ResumeSource()), SOON);
      case CLEAR_DESTINATION ->
          alarm(row, Orders.atDestination(migration, new Act.ClearDestinationDomain()), SOON);
      case SUSPEND_DESTINATION ->
          alarm(row, Orders.atDestination(migration, new Act.SuspendStray()), SOON);
      case HOLD -> new Decision.Stay(row.meaning(), true, List.of(), HELD);
    };
  }

  private static Decision start(Migration migration, Row row) {
    Order order =
        migration.wishes().abort()
            ? Orders.atSource(migration, new Act.AbortTransfer())
            : Orders.startTransfer(migration);
    return Life.stay(row.meaning(), List.of(order), SOON);
  }

  private static List<Order> wishes(Migration migration) {
    List<Order> orders = new ArrayList<>();
    if (migration.wishes().abort()) {
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

  private static Decision commit(Migration migration, Row row, Instant now) {
    return new Decision.Move(
        Transition.COMMIT,
        row.meaning(),
        Life.move(
                Transition.COMMIT,
                migration,
                new Phase.Settling(SettleStep.SOURCE_FENCED),
                now,
                List.of())
            .next(),
        Orders.fence(migration));
  }

  private static Decision rollBack(Migration migration, Row row, Observation seen, Instant now) {
    if (migration.wishes().abort() && row != Row.ENDED_AT_SOURCE) {
      return Life.rollBack(
          Transition.TRANSFER_CANCELLED, row.meaning(), migration, Ending.aborted(), now);
    }
    return Life.rollBack(
        Transition.TRANSFER_FAILED, row.meaning(), migration, Ending.failed(why(row, seen)), now);
  }

  private static Refusal why(Row row, Observation seen) {
    String error =
        seen.source() instanceof HostView.Seen(_, _, TransferRecord.Ended(String text)) ? text : "";
    return Refusals.copyFailed(error.isEmpty() ? row.meaning() : error);
  }

  private static Decision alarm(Row row, Order order, Duration lookAgain) {
    return new Decision.Stay(row.meaning(), true, List.of(order), lookAgain);
  }

  private static Duration wait(Row row) {
    return switch (row) {
      case FINISHING, STRICT_SOURCE_STOPPING, STARTING, POST_COPY_SWITCHING -> Duration.ofMillis(5);
      default -> WATCH;
    };
  }
}
