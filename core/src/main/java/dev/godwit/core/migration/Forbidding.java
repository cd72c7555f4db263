package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The first step back from where, by the record, no copy was ordered. A record that lost its newest
 * entry may be wrong about that, and the source's note is not: where it tells of a copy, the move
 * is in its transfer, and both hosts tell what becomes of it. Where it tells of none, none begins
 * any more, and a domain at the destination is somebody else's.
 */
final class Forbidding {
  private static final Duration SOON = Duration.ofMillis(50);

  /** What was not done within two seconds is not done in the next milliseconds. */
  private static final Duration LATELY = Duration.ofSeconds(2);

  private Forbidding() {}

  static Decision next(Migration migration, Ending ending, Observation seen, Instant now) {
    List<Order> again = RollingBack.orders(migration, RollbackStep.TRANSFER_FORBIDDEN, seen);
    return switch (seen.source()) {
      case HostView.Unknown(String why) -> Life.silent(migration, why, again, now);
      case HostView.Fenced _ -> sourceDead(migration, ending, seen, now);
      case HostView.Seen(_, _, TransferRecord transfer) ->
          switch (transfer) {
            case TransferRecord.NotStarted() -> told(migration, again, now);
            case TransferRecord.Forbidden _ -> noCopy(migration, ending, seen, now);
            case TransferRecord.Started(), TransferRecord.Interrupted _, TransferRecord.Ended _ ->
                found(migration, ending, seen, now);
          };
    };
  }

  /** Nobody waits for its answer: what the source knows is looked at. */
  private static Decision told(Migration migration, List<Order> again, Instant now) {
    Duration since = Duration.between(migration.phaseSince(), now);
    return new Decision.Stay(
        "the source has to know that no copy is wanted",
        since.compareTo(DecisionTable.KEEP_ALIVE) >= 0,
        again,
        since.compareTo(LATELY) < 0 ? SOON : Life.RETRY);
  }

  /** Of a copy that it made, what came of it tells. */
  private static Decision sourceDead(
      Migration migration, Ending ending, Observation seen, Instant now) {
    return switch (seen.destination()) {
      case HostView.Unknown(String why) ->
          Life.silent(migration, migration.destination(), why, List.of(), now);
      // The first to return tells.
      case HostView.Fenced _ ->
          noCopy(
              migration.owing(new Owed(migration.source(), RollbackStep.TRANSFER_FORBIDDEN.name())),
              ending,
              seen,
              now);
      case HostView.Seen(_, GuestView.Inactive(boolean defined, _, boolean mayHaveRun), _)
          when !defined && !mayHaveRun ->
          noCopy(migration, ending, seen, now);
      case HostView.Seen _ -> found(migration, ending, seen, now);
    };
  }

  private static Decision noCopy(
      Migration migration, Ending ending, Observation seen, Instant now) {
    return RollingBack.onward(migration, RollbackStep.TRANSFER_FORBIDDEN, ending, seen, now);
  }

  private static Decision.Move found(
      Migration migration, Ending ending, Observation seen, Instant now) {
    if (seen.movedOn()) {
      // Since it ended with a host dead: nobody needs what came of the copy.
      return RollingBack.to(RollbackStep.DESTINATION_DOMAIN, migration, ending, seen, now);
    }
    return Life.move(
        Transition.COPY_FOUND,
        migration,
        new Phase.Transferring(ending.reasons().stream().findFirst()),
        now,
        List.of());
  }
}
