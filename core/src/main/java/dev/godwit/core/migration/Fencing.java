package dev.godwit.core.migration;

import dev.godwit.core.model.Refusal;
import java.util.Optional;

/**
 * The rule by which an agent takes orders, from the two things of a migration that it keeps on
 * disk: the highest epoch it has seen, and in which one the last order for this host was carried
 * out.
 */
public final class Fencing {
  /** No epoch: the migration is not over for this host. */
  public static final long OPEN = 0;

  /** The code of the answer to an order of an epoch that is over. */
  public static final String STALE_EPOCH = "stale-epoch";

  private Fencing() {}

  /**
   * The answer to an order that is not carried out; empty for one that is.
   *
   * @param epochSeen the highest, this order's among them
   * @param closedBy the epoch of the migration's last order for this host; {@link #OPEN} before
   *     that was carried out
   */
  public static Optional<StepReply> answer(long epochSeen, long closedBy, Order order) {
    if (epochSeen > order.epoch().value()) {
      return Optional.of(
          new StepReply.Refused(
              new Refusal(
                  STALE_EPOCH,
                  order.migration().toString(),
                  "an order of epoch " + epochSeen + " or later",
                  "epoch " + order.epoch().value(),
                  "Nothing: another server has taken the migration over, or the instance's next one has ended it.")));
    }
    boolean late = closedBy != OPEN && (closedBy >= order.epoch().value() || begins(order.act()));
    return late ? Optional.of(late(order)) : Optional.empty();
  }

  /**
   * What comes after the last order of its epoch was sent before it, and was repeated since: the
   * guest that it would touch may be here by another move. A later epoch's goes on where that one
   * ended: its answer was lost, or an operator's word turned the migration round.
   */
  private static StepReply late(Order order) {
    return begins(order.act())
        ? new StepReply.Refused(
            new Refusal(
                "migration-over",
                order.act().getClass().getSimpleName(),
                "the order done",
                "this migration's last order for this host carried out",
                "Nothing: it is an order that came late."))
        : new StepReply.Done();
  }

  /** True when the host has seen a later epoch than the one that ordered. */
  public static boolean overtaken(StepReply reply) {
    return reply instanceof StepReply.Refused(Refusal reason) && reason.code().equals(STALE_EPOCH);
  }

  /** True when this was the migration's last order for its host, of a move or of a way back. */
  public static boolean closes(Act act, StepReply reply) {
    return reply instanceof StepReply.Done
        && switch (act) {
          case Act.ClearSourceFiles _,
              Act.OwnDestinationFiles _,
              Act.RestoreSource _,
              Act.ClearDestinationFiles _ ->
              true;
          case Act.PrepareDirectories _,
              Act.PrepareDisks _,
              Act.DisarmAutostart _,
              Act.StartTransfer _,
              Act.AbortTransfer _,
              Act.StartPostCopy _,
              Act.RecoverPostCopy _,
              Act.PauseToComplete _,
              Act.FenceSource _,
              Act.SuspendStray _,
              Act.ResumeSource _,
              Act.RunAtDestination _,
              Act.ClearDestinationDomain _,
              Act.ClearSourceDefinition _ ->
              false;
        };
  }

  /**
   * True when what an earlier migration left open on the order's host is over with it. An instance
   * has one move at a time, and the next is not prepared before the one before is settled: what is
   * open then belongs to a migration whose record was lost.
   */
  public static boolean supersedes(Act act, StepReply reply) {
    return reply instanceof StepReply.Done
        && (act instanceof Act.PrepareDirectories || act instanceof Act.StartTransfer);
  }

  /** Acts that begin something; none comes after a migration's end. */
  private static boolean begins(Act act) {
    return act instanceof Act.PrepareDirectories
        || act instanceof Act.PrepareDisks
        || act instanceof Act.DisarmAutostart
        || act instanceof Act.StartTransfer;
  }
}
