package dev.godwit.core.migration.transfer;

import static dev.godwit.core.migration.transfer.Verdict.CLEAR_DESTINATION;
import static dev.godwit.core.migration.transfer.Verdict.COMMIT;
import static dev.godwit.core.migration.transfer.Verdict.HOLD;
import static dev.godwit.core.migration.transfer.Verdict.RESUME_SOURCE;
import static dev.godwit.core.migration.transfer.Verdict.ROLL_BACK;
import static dev.godwit.core.migration.transfer.Verdict.START;
import static dev.godwit.core.migration.transfer.Verdict.SUSPEND_DESTINATION;
import static dev.godwit.core.migration.transfer.Verdict.WAIT;
import static dev.godwit.core.migration.transfer.Verdict.WATCH;

/**
 * The rows of the decision table: what source and destination look like together, and what follows.
 */
public enum Row {
  NOT_STARTED(START, "both sides are ready and the copy was never started"),
  INTERRUPTED(START, "the source's agent restarted and no job is there: start once more"),
  STARTING(WAIT, "the copy was ordered and has not shown up yet"),
  COPYING(WATCH, "the source's job lives"),
  FINISHING(WAIT, "libvirt is finishing at the destination"),
  ARRIVED(COMMIT, "it runs at the destination and the job there is over; the source is paused"),
  ARRIVED_SOURCE_GONE(COMMIT, "it runs at the destination; the source is gone"),
  ARRIVED_SOURCE_STUCK(COMMIT, "it runs at the destination; the source is paused without a job"),
  ARRIVED_SOURCE_UNKNOWN(COMMIT, "it runs at the destination; the source is not known"),
  ARRIVED_PAUSED(
      COMMIT, "its owner had paused it; it is resumable at the destination, the job over"),
  STRICT_SOURCE_STOPPING(WAIT, "arrived paused; the source is not gone yet"),
  STRICT_SOURCE_UNKNOWN(WAIT, "arrived paused; the source is not known, so nothing may start"),
  STRICT_SOURCE_RUNS(ROLL_BACK, "arrived paused and never ran; the source runs on"),
  NEVER_RAN(RESUME_SOURCE, "the source is paused without a job; the destination never ran it"),
  COPIES_ONLY(
      RESUME_SOURCE,
      "the destination may have run it, on copies: the source's disks are untouched"),
  SHARED_DISK_MAY_HAVE_CHANGED(
      HOLD,
      "the destination may have run it on a shared disk: old memory over a newer disk is not safe"),
  INCOMING_LEFT(
      WAIT, "the source is paused without a job; the incoming guest has to end or start by itself"),
  INCOMING_ABANDONED(CLEAR_DESTINATION, "nobody will finish the incoming guest"),
  DESTINATION_UNKNOWN(WAIT, "the source has no job and the destination is not known"),
  COPY_FAILED(ROLL_BACK, "the source runs, its job is over, nothing is at the destination"),
  COPY_FAILED_INCOMING(ROLL_BACK, "the source runs, its job is over; the incoming guest is left"),
  STAYED_PAUSED(
      ROLL_BACK, "the source is paused as its owner or an I/O error left it; the job is over"),
  SPLIT(SUSPEND_DESTINATION, "libvirt made two running copies"),
  BOTH_UNKNOWN(WAIT, "neither host is known"),
  SOURCE_UNKNOWN(WAIT, "the source is not known"),
  ENDED_AT_SOURCE(ROLL_BACK, "the guest ended at the source during the copy"),
  ENDED_AT_DESTINATION(COMMIT, "it moved, then ended at the destination"),
  SOURCE_GONE_DESTINATION_UNKNOWN(WAIT, "the source is gone and the destination is not known"),
  SOURCE_GONE_INCOMING(WAIT, "the source is gone; the incoming guest has to end by itself"),
  LOST(HOLD, "gone on both sides without a trace"),
  POST_COPY_SWITCHING(WAIT, "post-copy is switching"),
  POST_COPY_RUNNING(COMMIT, "it runs at the destination in post-copy"),
  POST_COPY_LOST(HOLD, "post-copy failed and the destination is gone");

  private final Verdict verdict;
  private final String meaning;

  Row(Verdict verdict, String meaning) {
    this.verdict = verdict;
    this.meaning = meaning;
  }

  /** What follows. */
  public Verdict verdict() {
    return verdict;
  }

  /** In words. */
  public String meaning() {
    return meaning;
  }

  /** True when one look is not enough: two equal looks at least 50 ms apart are wanted. */
  public boolean needsTwoLooks() {
    return switch (verdict) {
      case START, WATCH, WAIT, COMMIT -> false;
      case ROLL_BACK, RESUME_SOURCE, CLEAR_DESTINATION, SUSPEND_DESTINATION, HOLD -> true;
    };
  }
}
