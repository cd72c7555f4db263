package dev.godwit.core.migration;

import static dev.godwit.core.migration.PhaseName.ACCEPTED;
import static dev.godwit.core.migration.PhaseName.CANCELLED;
import static dev.godwit.core.migration.PhaseName.COMPLETED;
import static dev.godwit.core.migration.PhaseName.FAILED;
import static dev.godwit.core.migration.PhaseName.PLANNED;
import static dev.godwit.core.migration.PhaseName.PREPARING;
import static dev.godwit.core.migration.PhaseName.ROLLING_BACK;
import static dev.godwit.core.migration.PhaseName.SETTLING;
import static dev.godwit.core.migration.PhaseName.TRANSFERRING;

/**
 * The transition table: every way from one phase to another. The diagram in the docs is made from
 * it.
 */
public enum Transition {
  PLAN(ACCEPTED, PLANNED, "every pre-check passed, capacity claimed"),
  REFUSE(ACCEPTED, FAILED, "no host will do"),
  CANCEL_ACCEPTED(ACCEPTED, CANCELLED, "aborted before anything was made"),
  REPLAN(PLANNED, ACCEPTED, "its facts are too old: planned anew"),
  PREPARE(PLANNED, PREPARING, "begin at the destination"),
  CANCEL_PLANNED(PLANNED, ROLLING_BACK, "aborted"),
  PREPARE_NEXT(PREPARING, PREPARING, "next step"),
  PREPARE_FAILED(PREPARING, ROLLING_BACK, "a step was refused"),
  CANCEL_PREPARING(PREPARING, ROLLING_BACK, "aborted"),
  TRANSFER(PREPARING, TRANSFERRING, "everything is made"),
  START_GIVEN_UP(TRANSFERRING, TRANSFERRING, "its start was in vain for too long and is forbidden"),
  COMMIT(TRANSFERRING, SETTLING, "the guest was seen at the destination, its job over"),
  TRANSFER_FAILED(TRANSFERRING, ROLLING_BACK, "the guest stayed at the source, the job is over"),
  TRANSFER_CANCELLED(TRANSFERRING, ROLLING_BACK, "aborted, the job is over"),
  SETTLE_NEXT(SETTLING, SETTLING, "next step"),
  SOURCE_RAN(
      SETTLING,
      SETTLING,
      "the source runs: both hosts are looked at, and a second copy is suspended"),
  POST_COPY_BROKE(
      SETTLING,
      SETTLING,
      "post-copy broke: both hosts are looked at, and it is recovered while both have the guest"),
  HOST_DIED(
      SETTLING,
      SETTLING,
      "a host is known dead before the source was fenced: who holds the last copy is looked at"),
  RULED_BACK(
      SETTLING,
      ROLLING_BACK,
      "an operator: the copy that ran on at the source is the guest, and the destination's does not run"),
  COMPLETE(SETTLING, COMPLETED, "nothing is left to do"),
  ROLL_BACK_NEXT(ROLLING_BACK, ROLLING_BACK, "next step"),
  DESTINATION_RAN(
      ROLLING_BACK,
      ROLLING_BACK,
      "the destination runs: both hosts are looked at, and a second copy is suspended"),
  COPY_FOUND(
      ROLLING_BACK,
      TRANSFERRING,
      "a copy was ordered of which the record had lost its entry: both hosts are looked at"),
  RULED_ON(
      ROLLING_BACK,
      SETTLING,
      "an operator: the copy that runs at the destination is the guest, and the source's does not run"),
  ROLLED_BACK_CANCELLED(ROLLING_BACK, CANCELLED, "nothing is left at the destination"),
  ROLLED_BACK_FAILED(ROLLING_BACK, FAILED, "nothing is left at the destination"),
  COMPLETED_HOST_RETURNED(COMPLETED, SETTLING, "a host is back that owed something"),
  CANCELLED_HOST_RETURNED(CANCELLED, ROLLING_BACK, "a host is back that owed something"),
  FAILED_HOST_RETURNED(FAILED, ROLLING_BACK, "a host is back that owed something");

  private final PhaseName from;
  private final PhaseName to;
  private final String when;

  Transition(PhaseName from, PhaseName to, String when) {
    this.from = from;
    this.to = to;
    this.when = when;
  }

  /** Where it starts. */
  public PhaseName from() {
    return from;
  }

  /** Where it leads. */
  public PhaseName to() {
    return to;
  }

  /** When it happens, for people. */
  public String when() {
    return when;
  }
}
