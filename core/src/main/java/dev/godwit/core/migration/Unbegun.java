package dev.godwit.core.migration;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The end of a move that has no plan. A record that lost its newest entries may be wrong about
 * that, and its source is looked at first. A copy that this tells of is ended, not followed: where
 * it goes to is in a plan that is lost.
 */
final class Unbegun {
  /** A source that is silent for longer is not asked: there is hardly ever anything to tell. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Unbegun() {}

  static Decision end(Migration migration, Decision.Move end, Observation seen, Instant now) {
    return switch (seen.source()) {
      case HostView.Fenced _ -> end;
      case HostView.Unknown(String why) ->
          Duration.between(migration.phaseSince(), now).compareTo(PATIENCE) < 0
              ? Life.stay(why, List.of(), Life.RETRY)
              : end;
      case HostView.Seen(_, GuestView guest, TransferRecord transfer) ->
          switch (transfer) {
            case TransferRecord.NotStarted(), TransferRecord.Forbidden _ -> end;
            case TransferRecord.Started(), TransferRecord.Interrupted _ ->
                abort(migration, seen.reply());
            case TransferRecord.Ended _ when goesOn(guest) -> abort(migration, seen.reply());
            case TransferRecord.Ended _ -> left(guest) ? lost(migration, now) : end;
          };
    };
  }

  /** In post-copy libvirt's job outlives its call. */
  private static boolean goesOn(GuestView guest) {
    return guest instanceof Active active && active.job() == JobView.OUTGOING;
  }

  private static boolean left(GuestView guest) {
    return guest instanceof Inactive(boolean defined, End end, _)
        && (!defined || end == End.MIGRATED);
  }

  private static Decision abort(Migration migration, StepReply reply) {
    // Once it was taken, time has to pass.
    List<Order> orders =
        reply instanceof StepReply.Done
            ? List.of()
            : List.of(Orders.atSource(migration, new Act.AbortTransfer()));
    return new Decision.Stay(
        "%s tells of a copy of which the record has lost all entries: it is ended"
            .formatted(migration.source()),
        true,
        orders,
        Life.RETRY);
  }

  private static Decision.Move lost(Migration migration, Instant now) {
    Refusal why = Refusals.leftUnrecorded(migration);
    return new Decision.Move(
        Transition.REFUSE,
        why.sentence(),
        migration.in(new Phase.Failed(Ending.failed(why)), now),
        List.of());
  }
}
