package dev.godwit.core.migration;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The end of a move that has no plan. A record that lost its newest entries may be wrong about
 * that, and its source is looked at first. A copy that this tells of is ended, not followed: where
 * it goes to is in a plan that is lost. For the same reason nobody but an operator can say of a
 * guest that a copy left paused, or off, where it is.
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
            case TransferRecord.Started(), TransferRecord.Interrupted _, TransferRecord.Ended _ ->
                switch (guest) {
                  case Active active when active.pausedInPostCopy() -> postCopy(migration, active);
                  case GuestView _ when goesOn(guest, transfer) -> abort(migration, seen.reply());
                  case Active active -> leftPaused(migration, active) ? held(migration) : end;
                  case Inactive off -> off(migration, off, end, now);
                };
          };
    };
  }

  private static boolean goesOn(GuestView guest, TransferRecord transfer) {
    boolean job = guest instanceof Active active && active.job() == JobView.OUTGOING;
    return job || !(transfer instanceof TransferRecord.Ended);
  }

  /** An I/O error may have paused it before, and libvirt's move goes on all the same. */
  private static boolean leftPaused(Migration migration, Active source) {
    boolean owners = source.reason() == StateReason.USER && !migration.wishes().forceComplete();
    return source.state() == RunState.PAUSED && !owners;
  }

  /** A guest that the move has paused does not shut down; its QEMU may crash after it has left. */
  private static Decision off(
      Migration migration, Inactive source, Decision.Move end, Instant now) {
    if (!source.defined() || source.end() == End.MIGRATED) {
      return failed(migration, Refusals.leftUnrecorded(migration), now);
    }
    return source.end() == End.SHUT_DOWN
        ? end
        : failed(migration, Refusals.mayHaveLeft(migration), now);
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

  private static Decision held(Migration migration) {
    return Decision.Stay.held(
        "%s tells of a copy of which the record has lost all entries, and has the guest paused by it: it may run elsewhere"
            .formatted(migration.source()),
        WayOut.resumeOrAdopt(migration).on(Hold.UNRECORDED_PAUSE));
  }

  private static Decision postCopy(Migration migration, Active source) {
    String why =
        "%s tells of a post-copy of which the record has lost all entries"
            .formatted(migration.source());
    return source.reason() == StateReason.POST_COPY_FAILED
        ? Decision.Stay.held(
            why + ", and which broke: where the guest is, it lacks memory that is only here",
            WayOut.recoverOrAdopt(migration).on(Hold.UNRECORDED_POST_COPY))
        : new Decision.Stay(
            why + ": it cannot be ended, and is awaited", true, List.of(), Life.RETRY);
  }

  private static Decision.Move failed(Migration migration, Refusal why, Instant now) {
    return new Decision.Move(
        Transition.REFUSE,
        why.sentence(),
        migration.in(new Phase.Failed(Ending.failed(why)), now),
        List.of());
  }
}
