package dev.godwit.core.migration.transfer;

import static dev.godwit.core.migration.transfer.JobView.INCOMING;
import static dev.godwit.core.migration.transfer.JobView.NONE;
import static dev.godwit.core.migration.transfer.JobView.OTHER;
import static dev.godwit.core.migration.transfer.JobView.OUTGOING;
import static dev.godwit.core.migration.transfer.RunState.CRASHED;
import static dev.godwit.core.migration.transfer.RunState.PAUSED;
import static dev.godwit.core.migration.transfer.RunState.RUNNING;
import static dev.godwit.core.migration.transfer.RunState.SHUTTING_DOWN;
import static dev.godwit.core.migration.transfer.RunState.SUSPENDED;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.arrivedPaused;
import static dev.godwit.core.migration.transfer.Views.definitionLeft;
import static dev.godwit.core.migration.transfer.Views.destination;
import static dev.godwit.core.migration.transfer.Views.finishing;
import static dev.godwit.core.migration.transfer.Views.incoming;
import static dev.godwit.core.migration.transfer.Views.incomingPersistent;
import static dev.godwit.core.migration.transfer.Views.pausedAfterRunning;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.runsInPostCopy;
import static dev.godwit.core.migration.transfer.Views.source;
import static dev.godwit.core.migration.transfer.Views.sourceCopies;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceGoneAfterRunning;
import static dev.godwit.core.migration.transfer.Views.sourceGoneDefined;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static dev.godwit.core.migration.transfer.Views.sourceSwitched;
import static dev.godwit.core.migration.transfer.Views.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Plans;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView.End;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pair of views that can be seen, and the row that it makes. */
class DecisionTableTest {
  private static final TransferRecord NOT_STARTED = new TransferRecord.NotStarted();
  private static final TransferRecord STARTED = new TransferRecord.Started();
  private static final TransferRecord INTERRUPTED = new TransferRecord.Interrupted(1);
  private static final Duration JUST = Duration.ofMillis(60);
  private static final Duration T = DecisionTable.KEEP_ALIVE;
  private static final Wishes FORCED = new Wishes(false, true);

  /**
   * @param number of the case in docs/decision-table.md, 0 for one of Godwit's own
   */
  private record Case(
      int number,
      String name,
      HostView source,
      HostView destination,
      TransferPlan plan,
      Wishes wishes,
      Duration unchangedFor,
      Row row) {

    Row decided() {
      return DecisionTable.row(source, destination, plan, wishes, unchangedFor);
    }

    Case wish(Wishes other) {
      return new Case(number, name, source, destination, plan, other, unchangedFor, row);
    }

    Case after(Duration other) {
      return new Case(number, name, source, destination, plan, wishes, other, row);
    }
  }

  private static Case copied(
      int number, String name, HostView source, HostView destination, Row row) {
    return planned(Plans.copied(), number, name, source, destination, row);
  }

  private static Case shared(
      int number, String name, HostView source, HostView destination, Row row) {
    return planned(Plans.shared(), number, name, source, destination, row);
  }

  private static Case strict(
      int number, String name, HostView source, HostView destination, Row row) {
    return planned(Plans.strict(), number, name, source, destination, row);
  }

  private static Case ownerPaused(
      int number, String name, HostView source, HostView destination, Row row) {
    return planned(Plans.ownerPaused(), number, name, source, destination, row);
  }

  private static Case planned(
      TransferPlan plan, int number, String name, HostView source, HostView destination, Row row) {
    return new Case(number, name, source, destination, plan, Wishes.NONE, JUST, row);
  }

  private static Stream<Case> beforeTheCopy() {
    return Stream.of(
        copied(
            0,
            "a guest that runs and was never moved is started on its way",
            sourceRuns(NOT_STARTED),
            absent(),
            Row.NOT_STARTED),
        copied(
            0,
            "a foreign job at the source is no copy of ours",
            with(source(RUNNING, StateReason.OTHER, OTHER), NOT_STARTED),
            absent(),
            Row.NOT_STARTED),
        ownerPaused(
            0,
            "a guest that its owner paused is started on its way as it is",
            sourcePaused(StateReason.USER, NOT_STARTED),
            absent(),
            Row.NOT_STARTED),
        copied(
            0,
            "a guest that somebody paused since the plan is not moved by that plan",
            sourcePaused(StateReason.USER, NOT_STARTED),
            absent(),
            Row.PLAN_OUTDATED),
        copied(
            0,
            "a pause that this move did not make is never lifted by it",
            sourcePaused(StateReason.MIGRATION, NOT_STARTED),
            absent(),
            Row.PLAN_OUTDATED),
        planned(
            Plans.ownerPausedStrict(),
            0,
            "a guest resumed since the plan would be started over there without the strict hand-over",
            sourceRuns(NOT_STARTED),
            absent(),
            Row.PLAN_OUTDATED),
        ownerPaused(
            0,
            "the same when the agent restarted meanwhile",
            sourceRuns(INTERRUPTED),
            absent(),
            Row.PLAN_OUTDATED),
        copied(
            0,
            "an ordered copy that has not shown up is awaited",
            sourceRuns(STARTED),
            absent(),
            Row.STARTING),
        ownerPaused(
            0,
            "an ordered copy of a paused guest that has not shown up is awaited",
            sourcePaused(StateReason.USER, STARTED),
            absent(),
            Row.STARTING),
        copied(
            0,
            "a copy that vanished with the agent is started once more",
            sourceRuns(INTERRUPTED),
            absent(),
            Row.INTERRUPTED),
        ownerPaused(
            0,
            "a paused guest's copy that vanished with the agent is started once more",
            sourcePaused(StateReason.USER, INTERRUPTED),
            absent(),
            Row.INTERRUPTED),
        copied(
            0,
            "not for ever",
            sourceRuns(new TransferRecord.Interrupted(3)),
            absent(),
            Row.COPY_FAILED),
        copied(
            0,
            "and not over a definition that would pass for a proof in the next try",
            sourceRuns(INTERRUPTED),
            definitionLeft(),
            Row.COPY_FAILED),
        copied(0, "silence on both sides is awaited", UNKNOWN, UNKNOWN, Row.BOTH_UNKNOWN));
  }

  private static Stream<Case> inTheCopy() {
    return Stream.of(
        copied(
            1, "the source copies and nothing is there yet", sourceCopies(), absent(), Row.COPYING),
        copied(
            1, "the source copies into an incoming guest", sourceCopies(), incoming(), Row.COPYING),
        copied(1, "the source is at the switch", sourceSwitched(), incoming(), Row.COPYING),
        copied(
            1,
            "the copy goes on while the destination is silent",
            sourceCopies(),
            UNKNOWN,
            Row.COPYING),
        copied(
            2,
            "Finish has started it and is not over: order nothing",
            sourceSwitched(),
            finishing(),
            Row.FINISHING),
        ownerPaused(
            2,
            "Finish has left it paused and is not over",
            source(PAUSED, StateReason.USER, OUTGOING),
            destination(PAUSED, StateReason.USER, INCOMING),
            Row.FINISHING),
        copied(
            2,
            "the source resumed itself while Finish executes: what it becomes is awaited",
            sourceRuns(),
            finishing(),
            Row.FINISHING),
        strict(
                2,
                "a Finish that leaves it paused and never ends is an incoming guest that nobody finishes",
                sourcePaused(StateReason.MIGRATION),
                destination(PAUSED, StateReason.USER, INCOMING),
                Row.INCOMING_ABANDONED)
            .after(T),
        copied(
                2,
                "one that runs is never cleared, however long Finish takes",
                sourcePaused(StateReason.MIGRATION),
                finishing(),
                Row.FINISHING)
            .after(T));
  }

  private static Stream<Case> arrivals() {
    return Stream.of(
        copied(
            3,
            "it runs over there, the job there is over, the source waits for its end",
            sourceSwitched(),
            arrived(),
            Row.ARRIVED),
        copied(
            3,
            "a source that was looked at before the switch contradicts nothing",
            sourceCopies(),
            arrived(),
            Row.ARRIVED),
        copied(
            3,
            "it ran over there and its owner paused it there",
            sourceSwitched(),
            pausedAfterRunning(),
            Row.ARRIVED),
        ownerPaused(
            3,
            "a paused guest is resumable over there, its job over",
            source(PAUSED, StateReason.USER, OUTGOING),
            arrivedPaused(),
            Row.ARRIVED_PAUSED),
        ownerPaused(
            2,
            "a source that was resumed since may run on",
            sourceCopies(),
            arrivedPaused(),
            Row.FINISHING),
        copied(
            4, "the source is gone", sourceGone(End.MIGRATED), arrived(), Row.ARRIVED_SOURCE_GONE),
        copied(
            4,
            "the source's definition that stayed is no sign of life",
            sourceGoneDefined(End.UNKNOWN),
            arrived(),
            Row.ARRIVED_SOURCE_GONE),
        strict(
            4,
            "a strict arrival whose source is gone may be resumed",
            sourceGone(End.MIGRATED),
            arrivedPaused(),
            Row.ARRIVED_SOURCE_GONE),
        strict(
            4,
            "so it is when the source's QEMU was killed",
            sourceGoneDefined(End.CRASHED),
            arrivedPaused(),
            Row.ARRIVED_SOURCE_GONE),
        ownerPaused(
            4,
            "a paused arrival whose source is gone",
            sourceGone(End.MIGRATED),
            arrivedPaused(),
            Row.ARRIVED_SOURCE_GONE),
        copied(
            5,
            "the source was left paused by its daemon's restart",
            sourcePaused(StateReason.MIGRATION),
            arrived(),
            Row.ARRIVED_SOURCE_STUCK),
        copied(
            5,
            "the source's resume was refused by a lock",
            sourcePaused(StateReason.API_ERROR),
            arrived(),
            Row.ARRIVED_SOURCE_STUCK),
        copied(
            5,
            "a crashed source is no second running copy",
            source(CRASHED, StateReason.OTHER, NONE),
            arrived(),
            Row.ARRIVED_SOURCE_STUCK),
        copied(
            5,
            "nor is one that shuts down",
            source(SHUTTING_DOWN, StateReason.OTHER, NONE),
            arrived(),
            Row.ARRIVED_SOURCE_STUCK),
        copied(
            5,
            "it stopped over there after it ran; the source is as the move left it",
            sourcePaused(StateReason.MIGRATION),
            pausedAfterRunning(),
            Row.ARRIVED_SOURCE_STUCK),
        strict(
            5,
            "a strict arrival beside a source that the move left paused",
            sourcePaused(StateReason.MIGRATION),
            arrivedPaused(),
            Row.ARRIVED_SOURCE_STUCK),
        ownerPaused(
            5,
            "a paused arrival beside a source that is paused as its owner left it",
            sourcePaused(StateReason.USER),
            arrivedPaused(),
            Row.ARRIVED_SOURCE_STUCK),
        strict(
            0,
            "a strict arrival waits for the source to go",
            sourceSwitched(),
            arrivedPaused(),
            Row.STRICT_SOURCE_STOPPING),
        strict(
            0,
            "a strict arrival is never started beside a silent source",
            UNKNOWN,
            arrivedPaused(),
            Row.STRICT_SOURCE_UNKNOWN),
        strict(
            0,
            "a strict arrival that never ran gives way to a source that runs",
            sourceRuns(),
            arrivedPaused(),
            Row.STRICT_SOURCE_RUNS),
        strict(
            0,
            "and to one that ran until an I/O error",
            sourcePaused(StateReason.IO_ERROR),
            arrivedPaused(),
            Row.STRICT_SOURCE_RUNS),
        strict(
            0,
            "and to one that ran until somebody paused it",
            sourcePaused(StateReason.USER),
            arrivedPaused(),
            Row.STRICT_SOURCE_RUNS),
        ownerPaused(
            0,
            "a paused arrival gives way to a source that was resumed",
            sourceRuns(),
            arrivedPaused(),
            Row.STRICT_SOURCE_RUNS),
        strict(
            16,
            "a source that shut down had run on: the arrival's memory is old",
            sourceGone(End.SHUT_DOWN),
            arrivedPaused(),
            Row.ENDED_AT_SOURCE));
  }

  private static Stream<Case> withoutAJob() {
    return Stream.of(
        copied(
            6,
            "the source is paused and it never ran over there",
            sourcePaused(StateReason.MIGRATION),
            absent(),
            Row.NEVER_RAN),
        shared(
            6,
            "the proof holds for shared disks, too",
            sourcePaused(StateReason.API_ERROR),
            definitionLeft(),
            Row.NEVER_RAN),
        copied(
            6,
            "a pause of an unknown kind after the copy is the move's",
            sourcePaused(StateReason.OTHER, STARTED),
            absent(),
            Row.NEVER_RAN),
        copied(
            7,
            "an incoming guest ends or starts by itself",
            sourcePaused(StateReason.MIGRATION),
            incoming(),
            Row.INCOMING_LEFT),
        copied(
                7,
                "until libvirt's patience is over",
                sourcePaused(StateReason.MIGRATION),
                incoming(),
                Row.INCOMING_ABANDONED)
            .after(T),
        shared(
                7,
                "one that was not saved never ran and may go",
                sourcePaused(StateReason.MIGRATION),
                incoming(),
                Row.INCOMING_ABANDONED)
            .after(T),
        shared(
                7,
                "one that was saved may have run: clearing it would clear the proof",
                sourcePaused(StateReason.MIGRATION),
                incomingPersistent(),
                Row.SHARED_DISK_MAY_HAVE_CHANGED)
            .after(T),
        copied(
                7,
                "on copies it may go all the same",
                sourcePaused(StateReason.MIGRATION),
                incomingPersistent(),
                Row.INCOMING_ABANDONED)
            .after(T),
        copied(
            8,
            "it may have run on copies: the source's own disks match its memory",
            sourcePaused(StateReason.MIGRATION),
            ranAndEnded(),
            Row.COPIES_ONLY),
        shared(
            8,
            "it may have run on a shared disk: never resume",
            sourcePaused(StateReason.MIGRATION),
            ranAndEnded(),
            Row.SHARED_DISK_MAY_HAVE_CHANGED),
        shared(
                8,
                "whoever paused the source",
                sourcePaused(StateReason.USER),
                ranAndEnded(),
                Row.SHARED_DISK_MAY_HAVE_CHANGED)
            .wish(FORCED),
        shared(
            8,
            "whatever stopped the source",
            sourcePaused(StateReason.IO_ERROR),
            ranAndEnded(),
            Row.SHARED_DISK_MAY_HAVE_CHANGED),
        copied(
            9,
            "the source is paused and the destination is silent",
            sourcePaused(StateReason.MIGRATION),
            UNKNOWN,
            Row.DESTINATION_UNKNOWN),
        copied(
            9,
            "a broken post-copy with a silent destination is awaited",
            source(PAUSED, StateReason.POST_COPY_FAILED, OUTGOING),
            UNKNOWN,
            Row.DESTINATION_UNKNOWN),
        copied(10, "the copy failed", sourceRuns(), absent(), Row.COPY_FAILED),
        shared(
            10,
            "a definition that it left is cleared by the way back",
            sourceRuns(),
            definitionLeft(),
            Row.COPY_FAILED),
        shared(
            10,
            "libvirt resumed the source over a disk that may be newer: a running guest is not harmed, and it is said",
            sourceRuns(),
            ranAndEnded(),
            Row.COPY_FAILED_OVER_NEWER_DISK),
        copied(
            10,
            "on copies only what it did there is lost",
            sourceRuns(),
            ranAndEnded(),
            Row.COPY_FAILED_AFTER_RUN),
        strict(
            10,
            "a strict arrival never ran before the commit",
            sourceRuns(),
            ranAndEnded(),
            Row.COPY_FAILED),
        copied(
            10,
            "a later job at the source is no copy",
            source(RUNNING, StateReason.OTHER, OTHER),
            absent(),
            Row.COPY_FAILED),
        copied(
            11,
            "the copy failed and the incoming guest is left",
            sourceRuns(),
            incoming(),
            Row.COPY_FAILED_INCOMING),
        copied(
            12,
            "the source runs and the destination may run it too",
            sourceRuns(),
            UNKNOWN,
            Row.SOURCE_RUNS_DESTINATION_UNKNOWN),
        copied(13, "libvirt made two running copies", sourceRuns(), arrived(), Row.SPLIT),
        copied(
            13,
            "a sleeping source may wake",
            source(SUSPENDED, StateReason.OTHER, NONE),
            arrived(),
            Row.SPLIT),
        copied(
            13,
            "a suspended stray is still the second copy",
            sourceRuns(),
            pausedAfterRunning(),
            Row.SPLIT),
        copied(
            13,
            "a backup at the source does not hide a split",
            source(RUNNING, StateReason.OTHER, OTHER),
            arrived(),
            Row.SPLIT),
        copied(
            13,
            "both ran and both are stopped: nobody can say which is newer",
            sourcePaused(StateReason.IO_ERROR),
            pausedAfterRunning(),
            Row.BOTH_STOPPED));
  }

  private static Stream<Case> goneOrUnknown() {
    return Stream.of(
        copied(
            14,
            "it runs over there and the source is silent",
            UNKNOWN,
            arrived(),
            Row.ARRIVED_SOURCE_UNKNOWN),
        ownerPaused(
            14,
            "a paused guest is over there and the source is silent",
            UNKNOWN,
            arrivedPaused(),
            Row.ARRIVED_SOURCE_UNKNOWN),
        copied(15, "Finish executes and the source is silent", UNKNOWN, finishing(), Row.FINISHING),
        copied(
            15, "it is incoming and the source is silent", UNKNOWN, incoming(), Row.SOURCE_UNKNOWN),
        copied(
            15, "it is not there and the source is silent", UNKNOWN, absent(), Row.SOURCE_UNKNOWN),
        copied(
            15,
            "a suspended stray does not take the guest from a silent source",
            UNKNOWN,
            pausedAfterRunning(),
            Row.SOURCE_UNKNOWN),
        copied(
            16,
            "the guest shut down during the copy",
            sourceGone(End.SHUT_DOWN),
            absent(),
            Row.ENDED_AT_SOURCE),
        copied(
            16,
            "the guest crashed during the copy",
            sourceGone(End.CRASHED),
            definitionLeft(),
            Row.ENDED_AT_SOURCE),
        copied(
            16,
            "its host went down during the copy: the definition stayed",
            sourceGoneDefined(End.UNKNOWN),
            absent(),
            Row.ENDED_AT_SOURCE),
        copied(
            17,
            "it moved, ran and ended over there",
            sourceGone(End.MIGRATED),
            ranAndEnded(),
            Row.ENDED_AT_DESTINATION),
        copied(
            18,
            "the source is gone and the destination silent",
            sourceGone(End.MIGRATED),
            UNKNOWN,
            Row.SOURCE_GONE_DESTINATION_UNKNOWN),
        copied(
            19, "gone on both sides without a trace", sourceGone(End.UNKNOWN), absent(), Row.LOST),
        copied(
            19,
            "it shut down and may have run over there",
            sourceGone(End.SHUT_DOWN),
            ranAndEnded(),
            Row.LOST),
        copied(19, "it moved and is not there", sourceGone(End.MIGRATED), absent(), Row.LOST),
        copied(
            0,
            "the source is gone: an incoming guest ends by itself",
            sourceGone(End.CRASHED),
            incoming(),
            Row.SOURCE_GONE_INCOMING),
        copied(
                0,
                "or is cleared when it does not",
                sourceGone(End.CRASHED),
                incoming(),
                Row.INCOMING_ABANDONED)
            .after(T),
        copied(
                0,
                "but never when the source had moved: it is the only copy",
                sourceGone(End.MIGRATED),
                incoming(),
                Row.SOURCE_GONE_INCOMING)
            .after(T));
  }

  private static Stream<Case> deadDestination() {
    HostView broken = source(PAUSED, StateReason.POST_COPY_FAILED, OUTGOING);
    return Stream.of(
        copied(
            0,
            "no copy begins towards a dead host",
            sourceRuns(NOT_STARTED),
            DEAD,
            Row.DESTINATION_DEAD),
        copied(
            10,
            "nor does one that was interrupted begin again",
            sourceRuns(INTERRUPTED),
            DEAD,
            Row.COPY_FAILED_AFTER_RUN),
        copied(1, "libvirt's job notices by itself", sourceCopies(), DEAD, Row.COPYING),
        copied(
            8,
            "a source without a job is resumed beside a dead host, on its own disks",
            sourcePaused(StateReason.MIGRATION),
            DEAD,
            Row.COPIES_ONLY),
        shared(
            8,
            "not where the dead one may have run it on a shared disk",
            sourcePaused(StateReason.MIGRATION),
            DEAD,
            Row.SHARED_DISK_MAY_HAVE_CHANGED),
        strict(
            6,
            "but where nobody had started it there",
            sourcePaused(StateReason.MIGRATION),
            DEAD,
            Row.NEVER_RAN),
        copied(
            10,
            "a source that runs keeps its guest",
            sourceRuns(),
            DEAD,
            Row.COPY_FAILED_AFTER_RUN),
        strict(10, "also of a strict hand-over", sourceRuns(), DEAD, Row.COPY_FAILED),
        copied(15, "a silent source says no more", UNKNOWN, DEAD, Row.SOURCE_UNKNOWN),
        copied(0, "two dead hosts say nothing", DEAD, DEAD, Row.BOTH_DEAD),
        copied(
            18,
            "it moved, and its new host died",
            sourceGone(End.MIGRATED),
            DEAD,
            Row.MOVED_TO_DEAD_HOST),
        copied(19, "it shut down, here or there", sourceGone(End.SHUT_DOWN), DEAD, Row.LOST),
        strict(
            16,
            "it can only have shut down here",
            sourceGone(End.SHUT_DOWN),
            DEAD,
            Row.ENDED_AT_SOURCE),
        copied(23, "post-copy broke with its host", broken, DEAD, Row.POST_COPY_LOST),
        copied(
            20,
            "post-copy that has not noticed yet",
            source(PAUSED, StateReason.POST_COPY, OUTGOING),
            DEAD,
            Row.POST_COPY_SWITCHING));
  }

  private static Stream<Case> deadSource() {
    return Stream.of(
        copied(4, "it runs over there", DEAD, arrived(), Row.ARRIVED_SOURCE_GONE),
        ownerPaused(
            4, "it is paused over there as it was", DEAD, arrivedPaused(), Row.ARRIVED_SOURCE_GONE),
        strict(
            0,
            "a paused arrival may be older than a shared disk that a dead source wrote last",
            DEAD,
            arrivedPaused(),
            Row.STRICT_MAY_BE_OLD),
        planned(
            Plans.strictCopied(),
            0,
            "or than a disk of its own that the source wrote since",
            DEAD,
            arrivedPaused(),
            Row.COPY_MAY_BE_OLD),
        planned(
            Plans.strictCopied(),
            0,
            "the same when the source crashed and may have run on before",
            sourceGoneAfterRunning(End.CRASHED),
            arrivedPaused(),
            Row.COPY_MAY_BE_OLD),
        strict(
            0,
            "the same when the source crashed and may have run on before",
            sourceGoneAfterRunning(End.CRASHED),
            arrivedPaused(),
            Row.STRICT_MAY_BE_OLD),
        strict(
            0,
            "or its host was started again",
            sourceGoneAfterRunning(End.UNKNOWN),
            arrivedPaused(),
            Row.STRICT_MAY_BE_OLD),
        copied(15, "it never left its host and died with it", DEAD, absent(), Row.SOURCE_DEAD),
        copied(19, "it may have left its host", DEAD, ranAndEnded(), Row.LOST),
        copied(0, "an incoming guest ends by itself", DEAD, incoming(), Row.SOURCE_GONE_INCOMING),
        copied(7, "or is cleared", DEAD, incoming(), Row.INCOMING_ABANDONED).after(T),
        copied(
                7,
                "but not with all memory and no other copy: its Finish began",
                DEAD,
                incomingPersistent(),
                Row.INCOMING_MAY_BE_WHOLE)
            .after(T),
        copied(15, "Finish may execute yet", DEAD, finishing(), Row.FINISHING),
        copied(
            24,
            "its memory was not all over there",
            DEAD,
            runsInPostCopy(StateReason.POST_COPY),
            Row.POST_COPY_SOURCE_GONE),
        copied(
            18,
            "a silent destination says no more",
            DEAD,
            UNKNOWN,
            Row.SOURCE_GONE_DESTINATION_UNKNOWN));
  }

  private static Stream<Case> postCopyAndPauses() {
    HostView switched = source(PAUSED, StateReason.POST_COPY, OUTGOING);
    HostView broken = source(PAUSED, StateReason.POST_COPY_FAILED, OUTGOING);
    HostView runs = runsInPostCopy(StateReason.POST_COPY);
    return Stream.of(
        copied(
            20, "post-copy switches: not committed", switched, incoming(), Row.POST_COPY_SWITCHING),
        copied(
            20,
            "post-copy switches and nothing is seen there",
            switched,
            absent(),
            Row.POST_COPY_SWITCHING),
        copied(
            20,
            "an incoming guest beside a broken source may still start",
            broken,
            incoming(),
            Row.POST_COPY_SWITCHING),
        copied(
                20,
                "and is never cleared for a source that cannot be resumed",
                sourcePaused(StateReason.POST_COPY_FAILED),
                incoming(),
                Row.POST_COPY_SWITCHING)
            .after(T),
        copied(21, "it runs over there in post-copy", switched, runs, Row.POST_COPY_RUNNING),
        copied(21, "and the source is silent", UNKNOWN, runs, Row.POST_COPY_RUNNING),
        copied(
            22,
            "a broken stream takes nothing back",
            broken,
            runsInPostCopy(StateReason.POST_COPY_FAILED),
            Row.POST_COPY_RUNNING),
        copied(
            23,
            "post-copy broke and the destination is gone",
            broken,
            absent(),
            Row.POST_COPY_LOST),
        copied(
            23,
            "its job may be gone, too",
            sourcePaused(StateReason.POST_COPY),
            absent(),
            Row.POST_COPY_LOST),
        copied(
            24,
            "the source is gone before post-copy ended",
            sourceGone(End.CRASHED),
            runs,
            Row.POST_COPY_SOURCE_GONE),
        copied(
            21,
            "a source that moved had ended its part",
            sourceGone(End.MIGRATED),
            runs,
            Row.POST_COPY_RUNNING),
        copied(
            25,
            "an I/O error of the guest's own is not mended by a resume",
            sourcePaused(StateReason.IO_ERROR),
            absent(),
            Row.STAYED_PAUSED),
        copied(
            25,
            "not even when the copy never began",
            sourcePaused(StateReason.IO_ERROR, NOT_STARTED),
            absent(),
            Row.STAYED_PAUSED),
        ownerPaused(
            25,
            "the owner's pause stays",
            sourcePaused(StateReason.USER),
            absent(),
            Row.STAYED_PAUSED),
        ownerPaused(
            25,
            "the owner's pause stays whatever libvirt calls it",
            sourcePaused(StateReason.OTHER),
            ranAndEnded(),
            Row.STAYED_PAUSED),
        copied(
            25,
            "a pause made by somebody stays",
            sourcePaused(StateReason.USER),
            absent(),
            Row.STAYED_PAUSED),
        copied(
                0,
                "a pause made to end the copy is lifted when there was no move",
                sourcePaused(StateReason.USER),
                absent(),
                Row.PAUSED_TO_COMPLETE)
            .wish(FORCED),
        ownerPaused(
                25,
                "the owner's pause stays though the copy was to be ended",
                sourcePaused(StateReason.USER),
                absent(),
                Row.STAYED_PAUSED)
            .wish(FORCED),
        copied(
                0,
                "a pause that hit a copy about to be reported is awaited",
                sourcePaused(StateReason.USER, STARTED),
                absent(),
                Row.STARTING)
            .wish(FORCED));
  }

  private static Stream<Case> offOnBothSides() {
    HostView here = sourceGoneDefined(End.SHUT_DOWN);
    Wishes source = Moves.ruledFor("host-a");
    Wishes destination = Moves.ruledFor("host-b");
    return Stream.of(
        shared(
            19,
            "disks that both hosts share are the same wherever it ran last",
            here,
            ranAndEnded(),
            Row.SHARED_OFF_AT_SOURCE),
        shared(19, "also where the other host died", here, DEAD, Row.SHARED_OFF_AT_SOURCE),
        shared(
            19,
            "and it is started where it is defined",
            sourceGone(End.SHUT_DOWN),
            ranAndEnded(),
            Row.SHARED_OFF_AT_DESTINATION),
        shared(19, "unless that is nowhere", sourceGone(End.UNKNOWN), absent(), Row.LOST),
        copied(
                0,
                "an operator knows whose disks are newer",
                here,
                ranAndEnded(),
                Row.RULED_FOR_SOURCE)
            .wish(source),
        copied(0, "or that it ran last over there", here, ranAndEnded(), Row.RULED_FOR_DESTINATION)
            .wish(destination),
        copied(0, "of a dead source, too", DEAD, ranAndEnded(), Row.RULED_FOR_DESTINATION)
            .wish(destination),
        copied(0, "of a dead host where no living one has it", DEAD, DEAD, Row.RULED_FOR_SOURCE)
            .wish(source),
        copied(0, "of either of two dead ones", DEAD, DEAD, Row.RULED_FOR_DESTINATION)
            .wish(destination),
        copied(
                0,
                "of a dead destination that alone can have it",
                sourceGone(End.UNKNOWN),
                DEAD,
                Row.RULED_FOR_DESTINATION)
            .wish(destination),
        copied(0, "but of no dead destination where the source has it", here, DEAD, Row.LOST)
            .wish(destination),
        shared(
            19,
            "disks that both hosts share are there also without the source",
            DEAD,
            ranAndEnded(),
            Row.SHARED_OFF_AT_DESTINATION),
        strict(
            19,
            "also where the guest had only arrived, paused",
            DEAD,
            definitionLeft(),
            Row.SHARED_OFF_AT_DESTINATION),
        ownerPaused(
            19,
            "on copies nobody can tell whether the source ran on",
            DEAD,
            definitionLeft(),
            Row.LOST),
        strict(
            17,
            "it moved, and ended over there before anybody resumed it",
            sourceGone(End.MIGRATED),
            definitionLeft(),
            Row.ENDED_AT_DESTINATION),
        copied(
                0,
                "not for a host that has no definition",
                sourceGone(End.UNKNOWN),
                ranAndEnded(),
                Row.LOST)
            .wish(source),
        copied(0, "nor for the other one", sourceGone(End.MIGRATED), absent(), Row.LOST)
            .wish(destination),
        copied(0, "a guest that runs needs no ruling", sourceRuns(), absent(), Row.COPY_FAILED)
            .wish(destination));
  }

  private static List<Case> cases() {
    return Stream.of(
            beforeTheCopy(),
            inTheCopy(),
            arrivals(),
            withoutAJob(),
            goneOrUnknown(),
            deadDestination(),
            deadSource(),
            offOnBothSides(),
            postCopyAndPauses())
        .flatMap(it -> it)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> the_table() {
    return cases().stream()
        .map(it ->
            dynamicTest(
                it.number == 0 ? it.name : it.number + ": " + it.name,
                () -> assertThat(it.decided()).as(it.name).isEqualTo(it.row)));
  }

  @Test
  void no_row_is_out_of_reach() {
    Set<Row> reached = cases().stream().map(Case::decided).collect(Collectors.toSet());

    assertThat(EnumSet.allOf(Row.class)).containsExactlyInAnyOrderElementsOf(reached);
  }

  @Test
  void every_numbered_case_has_a_test_and_a_row_that_names_it() {
    Set<Integer> all = IntStream.rangeClosed(1, 25).boxed().collect(Collectors.toSet());

    assertThat(cases().stream().map(Case::number).filter(it -> it > 0)).containsAll(all);
    Set<Integer> named =
        Arrays.stream(Row.values())
            .flatMap(row -> Arrays.stream(row.numbers().split(", ")))
            .filter(Predicate.not(String::isEmpty))
            .map(Integer::valueOf)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).containsExactlyElementsOf(new TreeSet<>(all));
  }

  @Test
  void a_case_that_carries_a_number_ends_in_a_row_of_that_number_or_in_one_it_leads_to() {
    // Case 2 and 7 lead on when time passes, 15 and 16 are reached from two sides.
    Set<Integer> leadOn = Set.of(2, 7, 15, 20);

    assertThat(cases())
        .filteredOn(it -> it.number > 0 && !leadOn.contains(it.number))
        .allSatisfy(it ->
            assertThat(Arrays.asList(it.row.numbers().split(", ")))
                .as(it.name)
                .contains(String.valueOf(it.number)));
  }

  @Test
  void nothing_starts_ends_or_is_undone_on_a_side_that_is_unknown() {
    Set<Verdict> harmless = EnumSet.of(Verdict.WAIT, Verdict.WATCH);

    assertThat(cases())
        .filteredOn(it -> it.destination.equals(UNKNOWN))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(harmless).as(it.name).contains(it.row.verdict()));
    assertThat(cases())
        .filteredOn(it -> it.source.equals(UNKNOWN) && it.row.verdict() != Verdict.COMMIT)
        .isNotEmpty()
        .allSatisfy(it -> assertThat(harmless).as(it.name).contains(it.row.verdict()));
  }

  @Test
  void undoing_wants_two_looks_and_the_commit_of_an_undisputed_arrival_one() {
    assertThat(Arrays.stream(Row.values()).filter(Row::needsTwoLooks))
        .containsExactlyInAnyOrder(
            Row.PLAN_OUTDATED,
            Row.ARRIVED_SOURCE_STUCK,
            Row.ARRIVED_SOURCE_UNKNOWN,
            Row.STRICT_SOURCE_RUNS,
            Row.NEVER_RAN,
            Row.INCOMING_ABANDONED,
            Row.COPIES_ONLY,
            Row.SHARED_DISK_MAY_HAVE_CHANGED,
            Row.COPY_FAILED,
            Row.COPY_FAILED_AFTER_RUN,
            Row.COPY_FAILED_OVER_NEWER_DISK,
            Row.COPY_FAILED_INCOMING,
            Row.STRICT_MAY_BE_OLD,
            Row.COPY_MAY_BE_OLD,
            Row.INCOMING_MAY_BE_WHOLE,
            Row.SOURCE_DEAD,
            Row.DESTINATION_DEAD,
            Row.MOVED_TO_DEAD_HOST,
            Row.BOTH_DEAD,
            Row.SPLIT,
            Row.BOTH_STOPPED,
            Row.ENDED_AT_SOURCE,
            Row.ENDED_AT_DESTINATION,
            Row.LOST,
            Row.SHARED_OFF_AT_SOURCE,
            Row.SHARED_OFF_AT_DESTINATION,
            Row.RULED_FOR_SOURCE,
            Row.RULED_FOR_DESTINATION,
            Row.POST_COPY_LOST,
            Row.POST_COPY_SOURCE_GONE,
            Row.STAYED_PAUSED,
            Row.PAUSED_TO_COMPLETE);
  }
}
