package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.NOW;
import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.ruledFor;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.pausedAfterRunning;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static dev.godwit.core.migration.transfer.Views.sourceSwitched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.migration.transfer.Views;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every way from one phase to another. */
class LifeTest {
  private static final Wishes ABORT = new Wishes(true, false);
  private static final Observation DONE = Observation.of(new StepReply.Done());
  private static final Observation REFUSED = Observation.of(new StepReply.Refused(REASON));
  private static final Duration TWICE = Duration.ofMillis(50);
  private static final Duration HEALTHY = Duration.ofSeconds(3);

  private record Way(
      String name, Transition transition, Migration migration, Observation seen, Phase next) {
    Decision.Move taken() {
      return (Decision.Move) Life.next(migration, seen, NOW);
    }
  }

  private static Phase preparing(PrepareStep step) {
    return new Phase.Preparing(step);
  }

  private static Phase settling(SettleStep step) {
    return new Phase.Settling(step);
  }

  private static Phase back(RollbackStep step, Ending ending) {
    return new Phase.RollingBack(step, ending);
  }

  private static Observation knowsOfNoCopy(Optional<PlanOutcome> outcome) {
    return new Observation(
        Views.sourceRuns(new TransferRecord.NotStarted()),
        HostView.NOT_LOOKED,
        Duration.ZERO,
        outcome,
        StepReply.NONE,
        false);
  }

  private static Observation planned(PlanOutcome outcome) {
    Observation nothing = Observation.nothing();
    return new Observation(
        nothing.source(),
        nothing.destination(),
        Duration.ZERO,
        Optional.of(outcome),
        StepReply.NONE,
        false);
  }

  private static Observation refused(String code) {
    return Observation.of(new StepReply.Refused(new Refusal(code, "", "", "", "")));
  }

  private static Stream<Way> untilTheCopy() {
    Migration accepted = in(new Phase.Accepted());
    Ending aborted = Ending.aborted();
    Ending failed = Ending.failed(REASON);
    return Stream.of(
        new Way(
            "a plan is taken",
            Transition.PLAN,
            accepted,
            planned(new PlanOutcome.Chosen(Plans.copied())),
            new Phase.Planned()),
        new Way(
            "no host will do",
            Transition.REFUSE,
            accepted,
            knowsOfNoCopy(Optional.of(new PlanOutcome.Refused(List.of(REASON)))),
            new Phase.Failed(Ending.refused(List.of(REASON)))),
        new Way(
            "an abort before anything was made ends it",
            Transition.CANCEL_ACCEPTED,
            accepted.with(ABORT),
            knowsOfNoCopy(Optional.empty()),
            new Phase.Cancelled(aborted)),
        new Way(
            "a plan that was not begun for two minutes is made anew",
            Transition.REPLAN,
            in(new Phase.Planned()).in(new Phase.Planned(), NOW.minusSeconds(121)),
            Observation.nothing(),
            new Phase.Accepted()),
        new Way(
            "a plan is begun",
            Transition.PREPARE,
            in(new Phase.Planned()),
            Observation.nothing(),
            preparing(PrepareStep.DESTINATION_DIRECTORIES)),
        new Way(
            "an abort of a plan leaves the domains of others alone",
            Transition.CANCEL_PLANNED,
            in(new Phase.Planned()).with(ABORT),
            Observation.nothing(),
            back(RollbackStep.TRANSFER_FORBIDDEN, aborted)),
        new Way(
            "a step follows the other",
            Transition.PREPARE_NEXT,
            in(preparing(PrepareStep.DESTINATION_DIRECTORIES)),
            DONE,
            preparing(PrepareStep.DESTINATION_DISKS)),
        new Way(
            "a refused step goes back and leaves the domains of others alone",
            Transition.PREPARE_FAILED,
            in(preparing(PrepareStep.DESTINATION_DIRECTORIES)),
            REFUSED,
            back(RollbackStep.TRANSFER_FORBIDDEN, failed)),
        new Way(
            "an abort while things are made goes back",
            Transition.CANCEL_PREPARING,
            in(preparing(PrepareStep.SOURCE_AUTOSTART)).with(ABORT),
            DONE,
            back(RollbackStep.TRANSFER_FORBIDDEN, aborted)),
        new Way(
            "everything made, the copy is ordered",
            Transition.TRANSFER,
            in(preparing(PrepareStep.SOURCE_AUTOSTART)),
            DONE,
            new Phase.Transferring()));
  }

  private static Stream<Way> theCopy() {
    Migration copying = in(new Phase.Transferring());
    return Stream.of(
        new Way(
            "the source refused to begin for longer than a minute",
            Transition.START_GIVEN_UP,
            copying.in(copying.phase(), NOW.minusSeconds(61)),
            views(
                sourceRuns(new TransferRecord.NotStarted()),
                absent(),
                Duration.ZERO,
                new StepReply.Refused(REASON)),
            new Phase.Transferring(Optional.of(REASON))),
        new Way(
            "it arrived",
            Transition.COMMIT,
            copying,
            views(sourceSwitched(), arrived(), Duration.ZERO),
            settling(SettleStep.SOURCE_FENCED)),
        new Way(
            "it is too late for an abort when it arrived",
            Transition.COMMIT,
            copying.with(ABORT),
            views(sourceSwitched(), arrived(), Duration.ZERO),
            settling(SettleStep.SOURCE_FENCED)),
        new Way(
            "the copy failed, in libvirt's words",
            Transition.TRANSFER_FAILED,
            copying,
            views(sourceRuns(), absent(), TWICE),
            back(RollbackStep.DESTINATION_DOMAIN, Ending.failed(Refusals.copyFailed("broken")))),
        new Way(
            "the copy was aborted",
            Transition.TRANSFER_CANCELLED,
            copying.with(ABORT),
            views(sourceRuns(), absent(), TWICE),
            back(RollbackStep.DESTINATION_DOMAIN, Ending.aborted())),
        new Way(
            "a guest that ended did not stay because of the abort",
            Transition.TRANSFER_FAILED,
            copying.with(ABORT),
            views(sourceGone(End.SHUT_DOWN), absent(), TWICE),
            back(
                RollbackStep.DESTINATION_DOMAIN,
                Ending.failed(
                    Refusals.guestEnded(InstanceId.of("5f0c3b8e-0000-4000-8000-000000000002"))))));
  }

  private static Stream<Way> afterTheCommit() {
    return Stream.of(
        new Way(
            "the source is fenced",
            Transition.SETTLE_NEXT,
            in(settling(SettleStep.SOURCE_FENCED)),
            DONE,
            settling(SettleStep.DESTINATION_RUNNING)),
        new Way(
            "the last step completes it",
            Transition.COMPLETE,
            in(settling(SettleStep.DESTINATION_OWNED)),
            DONE,
            new Phase.Completed()),
        new Way(
            "libvirt resumed the source: it is suspended first",
            Transition.SOURCE_RAN,
            in(settling(SettleStep.SOURCE_FENCED)),
            refused(Refusals.SOURCE_RUNS),
            settling(SettleStep.SOURCE_SUSPENDED)),
        new Way(
            "a post-copy broke: it is recovered first",
            Transition.POST_COPY_BROKE,
            in(settling(SettleStep.SOURCE_FENCED), Plans.postCopy(), Wishes.NONE),
            refused(Refusals.SOURCE_POST_COPY_FAILED),
            settling(SettleStep.POST_COPY_RECOVERED)),
        new Way(
            "somebody started the source again: it is suspended first",
            Transition.SOURCE_RAN,
            in(settling(SettleStep.SOURCE_DEFINITION)),
            refused(Refusals.SOURCE_RUNS),
            settling(SettleStep.SOURCE_SUSPENDED)),
        new Way(
            "a suspended source is fenced when the destination was healthy for a while",
            Transition.SETTLE_NEXT,
            in(settling(SettleStep.SOURCE_SUSPENDED)),
            views(sourcePaused(StateReason.USER), arrived(), HEALTHY),
            settling(SettleStep.SOURCE_FENCED)),
        new Way(
            "a source that somebody ended needs no fence",
            Transition.SETTLE_NEXT,
            in(settling(SettleStep.SOURCE_SUSPENDED), Plans.shared(), Wishes.NONE),
            views(sourceGone(End.SHUT_DOWN), arrived(), Duration.ZERO),
            settling(SettleStep.DESTINATION_RUNNING)));
  }

  private static Migration owing(Phase over, Owed... steps) {
    Migration migration = in(over);
    for (Owed step : steps) {
      migration = migration.owing(step);
    }
    return migration;
  }

  private static Stream<Way> aHostReturns() {
    Ending failed = Ending.failed(REASON);
    HostName source = in(new Phase.Planned()).source();
    HostName destination = in(new Phase.Planned()).destination();
    return Stream.of(
        new Way(
            "the destination is known dead before the source was seen gone",
            Transition.HOST_DIED,
            in(settling(SettleStep.SOURCE_FENCED)),
            views(HostView.NOT_LOOKED, Views.DEAD, Duration.ZERO),
            settling(SettleStep.SOURCE_SUSPENDED)),
        new Way(
            "a source that owed its fence is back",
            Transition.COMPLETED_HOST_RETURNED,
            owing(new Phase.Completed(), new Owed(source, "SOURCE_FENCED")),
            views(sourceGone(End.UNKNOWN), arrived(), Duration.ZERO),
            settling(SettleStep.SOURCE_FENCED)),
        new Way(
            "a destination that owed its clearing is back",
            Transition.FAILED_HOST_RETURNED,
            owing(
                new Phase.Failed(failed),
                new Owed(destination, "DESTINATION_DOMAIN"),
                new Owed(destination, "DESTINATION_FILES")),
            views(sourceRuns(), absent(), Duration.ZERO),
            back(RollbackStep.DESTINATION_DOMAIN, failed)),
        new Way(
            "the same after an abort",
            Transition.CANCELLED_HOST_RETURNED,
            owing(
                new Phase.Cancelled(Ending.aborted()), new Owed(destination, "DESTINATION_FILES")),
            views(HostView.NOT_LOOKED, absent(), Duration.ZERO),
            back(RollbackStep.DESTINATION_FILES, Ending.aborted())));
  }

  private static Stream<Way> theWayBack() {
    Ending aborted = Ending.aborted();
    Ending failed = Ending.failed(REASON);
    return Stream.of(
        new Way(
            "the source tells of a copy of which the record knows nothing",
            Transition.COPY_FOUND,
            in(back(RollbackStep.TRANSFER_FORBIDDEN, failed)),
            views(sourceRuns(), absent(), Duration.ZERO),
            new Phase.Transferring(Optional.of(REASON))),
        new Way(
            "a step back follows the other",
            Transition.ROLL_BACK_NEXT,
            in(back(RollbackStep.DESTINATION_DOMAIN, failed)),
            DONE,
            back(RollbackStep.DESTINATION_FILES, failed)),
        new Way(
            "a late Finish started the destination: it is suspended first",
            Transition.DESTINATION_RAN,
            in(back(RollbackStep.DESTINATION_DOMAIN, failed)),
            refused(Refusals.DESTINATION_RUNS),
            back(RollbackStep.DESTINATION_SUSPENDED, failed)),
        new Way(
            "a suspended destination is cleared when the source was healthy for a while",
            Transition.ROLL_BACK_NEXT,
            in(back(RollbackStep.DESTINATION_SUSPENDED, failed)),
            views(sourceRuns(), pausedAfterRunning(), HEALTHY),
            back(RollbackStep.DESTINATION_DOMAIN, failed)),
        new Way(
            "all undone after an abort",
            Transition.ROLLED_BACK_CANCELLED,
            in(back(RollbackStep.SOURCE_RESTORED, aborted)),
            DONE,
            new Phase.Cancelled(aborted)),
        new Way(
            "all undone after a failure",
            Transition.ROLLED_BACK_FAILED,
            in(back(RollbackStep.SOURCE_RESTORED, failed)),
            DONE,
            new Phase.Failed(failed)));
  }

  /** The two in which an operator's word goes against the record. */
  private static Stream<Way> anOperatorRules() {
    Migration stray = in(settling(SettleStep.SOURCE_SUSPENDED), Plans.copied(), ruledFor("host-a"));
    Ending failed = Ending.failed(REASON);
    return Stream.of(
        new Way(
            "the copy that ran on at the source is the guest",
            Transition.RULED_BACK,
            stray,
            views(sourceRuns(), absent(), HEALTHY),
            back(RollbackStep.DESTINATION_DOMAIN, Ending.failed(Refusals.ruledCopy(stray)))),
        new Way(
            "the copy that runs at the destination is the guest",
            Transition.RULED_ON,
            in(
                back(RollbackStep.DESTINATION_SUSPENDED, failed),
                Plans.copied(),
                ruledFor("host-b")),
            views(sourceGone(End.CRASHED), arrived(), HEALTHY),
            settling(SettleStep.SOURCE_FENCED)));
  }

  private static List<Way> ways() {
    return Stream.of(
            untilTheCopy(),
            theCopy(),
            afterTheCommit(),
            aHostReturns(),
            theWayBack(),
            anOperatorRules())
        .flatMap(it -> it)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> the_ways() {
    return ways().stream()
        .map(way ->
            dynamicTest(
                way.name,
                () -> {
                  Decision.Move move = way.taken();
                  assertThat(move.transition()).isEqualTo(way.transition);
                  assertThat(move.next().phase()).isEqualTo(way.next);
                  assertThat(move.next().phaseSince()).isEqualTo(NOW);
                }));
  }

  @Test
  void no_transition_is_unvisited() {
    Set<Transition> visited =
        ways().stream().map(way -> way.taken().transition()).collect(Collectors.toSet());

    assertThat(EnumSet.allOf(Transition.class)).containsExactlyInAnyOrderElementsOf(visited);
  }

  @Test
  void a_migration_that_is_over_and_owes_nothing_is_never_asked_again() {
    for (Phase over :
        List.of(
            new Phase.Completed(),
            new Phase.Cancelled(Ending.aborted()),
            new Phase.Failed(Ending.failed(REASON)))) {
      assertThatThrownBy(() -> Life.next(in(over), Observation.nothing(), NOW))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is over");
      assertThat(over.over()).isTrue();
    }
  }
}
