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
 * The numbers are those of docs/decision-table.md, where each is explained.
 */
public enum Row {
  NOT_STARTED(START, "both sides are ready and the copy was never started"),
  INTERRUPTED(START, "the source's agent restarted and no job is there: start once more"),
  STARTING(WAIT, "the copy was ordered and has not shown up yet"),
  PLAN_OUTDATED(
      ROLL_BACK, "the guest was paused or resumed since the plan was made: migrate again"),
  COPYING(WATCH, "the source's job lives", "1"),
  FINISHING(WAIT, "libvirt is finishing at the destination", "2"),
  ARRIVED(
      COMMIT, "it runs at the destination and the job there is over; the source is paused", "3"),
  ARRIVED_PAUSED(
      COMMIT, "its owner had paused it; it is resumable at the destination, the job over", "3"),
  ARRIVED_SOURCE_GONE(COMMIT, "it runs at the destination; the source is gone", "4"),
  ARRIVED_SOURCE_STUCK(
      COMMIT, "it runs at the destination; the source is stopped without a job", "5"),
  STRICT_SOURCE_STOPPING(WAIT, "arrived paused; the source is not gone yet"),
  STRICT_SOURCE_UNKNOWN(WAIT, "arrived paused; the source is not known, so nothing may start"),
  STRICT_SOURCE_RUNS(ROLL_BACK, "arrived paused and never ran; the source ran on"),
  STRICT_MAY_BE_OLD(
      HOLD,
      "arrived paused; the source may have run on and is gone: old memory over a newer disk is not safe; restart it from its disk"),
  COPY_MAY_BE_OLD(
      HOLD,
      "arrived paused; the source may have run on and is gone: what it wrote since is on its own disks only"),
  NEVER_RAN(RESUME_SOURCE, "the source is paused without a job; the destination never ran it", "6"),
  INCOMING_LEFT(
      WAIT,
      "the source is paused without a job; the incoming guest has to end or start by itself",
      "7"),
  INCOMING_ABANDONED(CLEAR_DESTINATION, "nobody will finish the incoming guest", "7"),
  INCOMING_MAY_BE_WHOLE(
      HOLD,
      "the source is gone, and the incoming guest, which has all memory, is stuck in libvirt's Finish",
      "7"),
  COPIES_ONLY(
      RESUME_SOURCE,
      "the destination may have run it, on copies: the source's disks are untouched, and what the guest did there is lost",
      "8"),
  SHARED_DISK_MAY_HAVE_CHANGED(
      HOLD,
      "the destination may have run it on a shared disk: old memory over a newer disk is not safe; restart it from its disk",
      "8"),
  DESTINATION_UNKNOWN(WAIT, "the source is stopped and the destination is not known", "9"),
  COPY_FAILED(ROLL_BACK, "the source runs, its job is over, nothing is at the destination", "10"),
  COPY_FAILED_AFTER_RUN(
      ROLL_BACK,
      "libvirt resumed the source although the destination may have run it, on copies: what the guest did there is lost",
      "10"),
  COPY_FAILED_OVER_NEWER_DISK(
      ROLL_BACK,
      "libvirt resumed the source although the destination may have run it on a shared disk: the guest's memory may be older than its disk",
      "10"),
  COPY_FAILED_INCOMING(
      ROLL_BACK, "the source runs, its job is over; the incoming guest is left", "11"),
  SOURCE_RUNS_DESTINATION_UNKNOWN(
      WAIT,
      "the source runs, its job is over; the destination is not known and may run it too",
      "12"),
  SPLIT(SUSPEND_DESTINATION, "libvirt made two running copies: the source's is kept", "13"),
  BOTH_STOPPED(HOLD, "both copies are stopped and nobody can say which of them ran last", "13"),
  ARRIVED_SOURCE_UNKNOWN(COMMIT, "it runs at the destination; the source is not known", "14"),
  SOURCE_UNKNOWN(WAIT, "the source is not known, and the destination does not run it", "15"),
  SOURCE_DEAD(
      ROLL_BACK, "the source is known dead, and the guest had not left it: it died with it", "15"),
  DESTINATION_DEAD(ROLL_BACK, "the copy never began, and the destination is known dead"),
  MOVED_TO_DEAD_HOST(
      COMMIT, "it moved, as the source saw, and the destination is known dead", "18"),
  BOTH_DEAD(HOLD, "both hosts are known dead: the first to return may tell more"),
  BOTH_UNKNOWN(WAIT, "neither host is known"),
  ENDED_AT_SOURCE(ROLL_BACK, "the guest ended at the source during the copy", "16"),
  ENDED_AT_DESTINATION(COMMIT, "it moved, then ended at the destination", "17"),
  SOURCE_GONE_DESTINATION_UNKNOWN(
      WAIT, "the source is gone and the destination is not known", "18"),
  SOURCE_GONE_INCOMING(WAIT, "the source is gone; the incoming guest has to end by itself"),
  LOST(HOLD, "gone on both sides and nobody can say where it ran last", "19"),
  SHARED_OFF_AT_SOURCE(
      ROLL_BACK,
      "off on both sides, every disk is shared, and the source has its definition",
      "19"),
  SHARED_OFF_AT_DESTINATION(
      COMMIT,
      "off on both sides, every disk is shared, and only the destination has its definition",
      "19"),
  RULED_FOR_SOURCE(
      ROLL_BACK, "off on both sides; an operator said that its disks at the source are the ones"),
  RULED_FOR_DESTINATION(
      COMMIT, "off on both sides; an operator said that its disks at the destination are the ones"),
  POST_COPY_SWITCHING(WAIT, "post-copy is switching", "20"),
  POST_COPY_RUNNING(COMMIT, "it runs at the destination in post-copy", "21, 22"),
  POST_COPY_LOST(
      HOLD, "the guest is lost in post-copy: it failed, and the destination is gone", "23"),
  POST_COPY_SOURCE_GONE(
      HOLD,
      "the guest is lost in post-copy: the source is gone before its end, and pages are missing at the destination",
      "24"),
  STAYED_PAUSED(
      ROLL_BACK,
      "the source is paused as its owner or an I/O error left it; the job is over",
      "25"),
  PAUSED_TO_COMPLETE(
      RESUME_SOURCE, "the source was paused to end the copy, and the copy ended without a move");

  private final Verdict verdict;
  private final String meaning;
  private final String numbers;

  Row(Verdict verdict, String meaning) {
    this(verdict, meaning, "");
  }

  Row(Verdict verdict, String meaning, String numbers) {
    this.verdict = verdict;
    this.meaning = meaning;
    this.numbers = numbers;
  }

  /** What follows. */
  public Verdict verdict() {
    return verdict;
  }

  /** In words. */
  public String meaning() {
    return meaning;
  }

  /** Which of the table's numbered cases it decides ("21, 22"); empty for one of Godwit's own. */
  public String numbers() {
    return numbers;
  }

  /** True when one look is not enough: two equal looks at least 50 ms apart are wanted. */
  public boolean needsTwoLooks() {
    return switch (verdict) {
      case START, WATCH, WAIT -> false;
      // Due at once where nothing at the source can contradict it.
      case COMMIT ->
          this == ARRIVED_SOURCE_STUCK
              || this == ARRIVED_SOURCE_UNKNOWN
              || this == ENDED_AT_DESTINATION
              || this == MOVED_TO_DEAD_HOST
              || this == SHARED_OFF_AT_DESTINATION
              || this == RULED_FOR_DESTINATION;
      case ROLL_BACK, RESUME_SOURCE, CLEAR_DESTINATION, SUSPEND_DESTINATION, HOLD -> true;
    };
  }
}
