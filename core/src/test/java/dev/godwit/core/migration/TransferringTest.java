package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.NOW;
import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.arrivedPaused;
import static dev.godwit.core.migration.transfer.Views.finishing;
import static dev.godwit.core.migration.transfer.Views.incoming;
import static dev.godwit.core.migration.transfer.Views.incomingPersistent;
import static dev.godwit.core.migration.transfer.Views.pausedAfterRunning;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.source;
import static dev.godwit.core.migration.transfer.Views.sourceCopies;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceGoneDefined;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static dev.godwit.core.migration.transfer.Views.sourceSwitched;
import static dev.godwit.core.migration.transfer.Views.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows from a row: orders, looks, and the patience between them. */
class TransferringTest {
  private static final Wishes ABORT = new Wishes(true, false);
  private static final Wishes FORCE = new Wishes(false, true);
  private static final Duration ONCE = Duration.ZERO;
  private static final Duration TWICE = Duration.ofMillis(50);
  private static final TransferRecord NOT_STARTED = new TransferRecord.NotStarted();
  private static final TransferRecord STARTED = new TransferRecord.Started();

  private static Migration copying(TransferPlan plan, Wishes wishes) {
    return in(new Phase.Transferring(), plan, wishes);
  }

  private static Migration copying() {
    return copying(Plans.copied(), Wishes.NONE);
  }

  private static Decision.Stay stays(Migration migration, Observation seen, Instant now) {
    return (Decision.Stay) Life.next(migration, seen, now);
  }

  private static Decision.Stay stays(Migration migration, Observation seen) {
    return stays(migration, seen, NOW);
  }

  private static Decision.Move moves(Migration migration, Observation seen) {
    return (Decision.Move) Life.next(migration, seen, NOW);
  }

  private static List<Act> acts(Decision decision) {
    return decision.orders().stream().map(Order::act).toList();
  }

  private static Act onlyAct(Decision decision) {
    assertThat(decision.orders()).hasSize(1);
    return decision.orders().getFirst().act();
  }

  @Test
  void a_copy_that_was_never_started_is_ordered_with_its_plan() {
    Decision.Stay stay = stays(copying(), views(sourceRuns(NOT_STARTED), absent(), ONCE));

    assertThat(onlyAct(stay)).isEqualTo(new Act.StartTransfer(Plans.copied()));
    assertThat(stay.orders().getFirst().host()).isEqualTo(copying().source());
  }

  @Test
  void an_abort_before_the_start_forbids_the_start() {
    HostView idle = sourceRuns(NOT_STARTED);

    assertThat(onlyAct(stays(copying(Plans.copied(), ABORT), views(idle, absent(), ONCE))))
        .isInstanceOf(Act.AbortTransfer.class);
  }

  private static Observation start(StepReply reply) {
    return views(sourceRuns(NOT_STARTED), absent(), ONCE, reply);
  }

  @Test
  void a_start_that_is_refused_for_a_minute_is_given_up_for_good() {
    Observation refused = start(new StepReply.Refused(REASON));

    assertThat(onlyAct(stays(copying(), refused, SINCE.plusSeconds(60))))
        .isInstanceOf(Act.StartTransfer.class);
    Decision.Move givenUp = (Decision.Move) Life.next(copying(), refused, SINCE.plusSeconds(61));
    assertThat(givenUp.transition()).isEqualTo(Transition.START_GIVEN_UP);
    assertThat(givenUp.orders()).isEmpty();

    // Whatever was answered last: no start is ordered beside the order that forbids it.
    List<StepReply> replies =
        List.of(
            StepReply.NONE,
            new StepReply.Done(),
            new StepReply.Unanswered("no answer"),
            new StepReply.Refused(REASON));
    assertThat(replies)
        .allSatisfy(reply -> {
          Decision.Stay stay = stays(givenUp.next(), start(reply));
          assertThat(onlyAct(stay)).isInstanceOf(Act.AbortTransfer.class);
          assertThat(stay.why()).isEqualTo(REASON.sentence());
        });
  }

  @Test
  void a_start_that_was_given_up_fails_with_the_refusal_when_the_source_has_noted_it() {
    Migration givenUp =
        in(new Phase.Transferring(Optional.of(REASON)), Plans.copied(), Wishes.NONE);
    HostView noted = sourceRuns(new TransferRecord.Ended("aborted before it began"));

    Decision.Move back = moves(givenUp, views(noted, absent(), TWICE));

    assertThat(back.transition()).isEqualTo(Transition.TRANSFER_FAILED);
    assertThat(back.next().phase())
        .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)));
  }

  @Test
  void a_copy_that_began_although_it_was_given_up_is_aborted() {
    Migration givenUp =
        in(new Phase.Transferring(Optional.of(REASON)), Plans.copied(), Wishes.NONE);

    assertThat(onlyAct(stays(givenUp, views(sourceRuns(STARTED), absent(), ONCE))))
        .isInstanceOf(Act.AbortTransfer.class);
    assertThat(onlyAct(stays(givenUp, views(sourceCopies(), incoming(), ONCE))))
        .isInstanceOf(Act.AbortTransfer.class);
  }

  @Test
  void a_source_that_is_silent_to_the_start_is_named_when_it_is_given_up() {
    Decision.Move givenUp =
        (Decision.Move)
            Life.next(
                copying(), start(new StepReply.Unanswered("no answer")), SINCE.plusSeconds(61));

    assertThat(givenUp.why()).contains("host-silent", "no answer");
  }

  @Test
  void a_copy_waits_its_turn_at_the_source_visibly_and_without_end() {
    for (String code : List.of(Refusals.TOO_MANY_MOVES, Refusals.AGENT_BUSY)) {
      Refusal many = new Refusal(code, "source", "fewer moves", "as many", "Wait.");
      Observation full = start(new StepReply.Refused(many));

      Decision.Stay waits = stays(copying(), full, SINCE.plusSeconds(60));
      assertThat(onlyAct(waits)).isInstanceOf(Act.StartTransfer.class);
      assertThat(waits.why()).isEqualTo(many.sentence());
      assertThat(waits.alarm()).isFalse();

      Decision.Stay late = stays(copying(), full, SINCE.plusSeconds(86_400));
      assertThat(onlyAct(late)).isInstanceOf(Act.StartTransfer.class);
      assertThat(late.alarm()).isTrue();
    }
  }

  @Test
  void a_guest_that_the_move_has_paused_for_longer_than_libvirts_patience_is_shown() {
    Duration nearly = Duration.ofSeconds(34);
    List<HostView> destinations = List.of(incoming(), incomingPersistent(), absent(), UNKNOWN);
    assertThat(destinations)
        .allSatisfy(destination -> {
          assertThat(stays(copying(), views(sourceSwitched(), destination, nearly)).alarm())
              .isFalse();
          Decision.Stay stands =
              stays(copying(), views(sourceSwitched(), destination, DecisionTable.KEEP_ALIVE));
          assertThat(stands.alarm()).isTrue();
          assertThat(stands.orders()).isEmpty();
        });
    // Bytes flow, and nothing else changes.
    HostView ownersPause =
        with(source(RunState.PAUSED, StateReason.USER, JobView.OUTGOING), STARTED);
    assertThat(List.of(sourceCopies(), ownersPause))
        .allSatisfy(copies ->
            assertThat(stays(copying(), views(copies, incoming(), Duration.ofDays(1))).alarm())
                .isFalse());
  }

  @Test
  void a_server_that_was_away_for_an_hour_still_tries_to_start_it() {
    Observation first = views(sourceRuns(NOT_STARTED), absent(), ONCE);

    assertThat(onlyAct(stays(copying(), first, SINCE.plusSeconds(3600))))
        .isInstanceOf(Act.StartTransfer.class);
  }

  @Test
  void an_abort_reaches_a_copy_that_has_not_shown_up_but_a_push_does_not() {
    Observation starting = views(sourceRuns(STARTED), absent(), ONCE);

    assertThat(onlyAct(stays(copying(Plans.copied(), ABORT), starting)))
        .isInstanceOf(Act.AbortTransfer.class);
    assertThat(stays(copying(Plans.copied(), FORCE), starting).orders()).isEmpty();
  }

  @Test
  void a_running_copy_is_aborted_or_pushed_as_wished() {
    Observation running = views(sourceCopies(), incoming(), ONCE);

    assertThat(stays(copying(), running).orders()).isEmpty();
    assertThat(onlyAct(stays(copying(Plans.copied(), ABORT), running)))
        .isInstanceOf(Act.AbortTransfer.class);
    assertThat(onlyAct(stays(copying(Plans.copied(), FORCE), running)))
        .isInstanceOf(Act.PauseToComplete.class);
    assertThat(onlyAct(stays(copying(Plans.postCopy(), FORCE), running)))
        .isInstanceOf(Act.StartPostCopy.class);
    assertThat(onlyAct(stays(copying(Plans.postCopy(), new Wishes(true, true)), running)))
        .isInstanceOf(Act.AbortTransfer.class);
  }

  @Test
  void the_commit_is_one_look_away_and_its_first_order_is_the_fence() {
    Decision.Move move = moves(copying(), views(sourceSwitched(), arrived(), ONCE));

    assertThat(move.transition()).isEqualTo(Transition.COMMIT);
    assertThat(move.next().phase()).isEqualTo(new Phase.Settling(SettleStep.SOURCE_FENCED));
    assertThat(onlyAct(move)).isInstanceOf(Act.FenceSource.class);
    assertThat(move.orders().getFirst().host()).isEqualTo(copying().source());
  }

  @Test
  void a_source_that_has_heard_of_the_commit_takes_no_order_of_before_it() {
    Migration copying = copying();
    Order before = Orders.atSource(copying, new Act.ResumeSource());

    Order fence = moves(copying, views(sourceSwitched(), arrived(), ONCE)).orders().getFirst();

    assertThat(Fencing.answer(fence.epoch().value(), Fencing.OPEN, before))
        .hasValueSatisfying(answer -> assertThat(Fencing.overtaken(answer)).isTrue());
    assertThat(Fencing.answer(fence.epoch().value(), Fencing.OPEN, fence)).isEmpty();
  }

  @Test
  void a_report_of_the_destination_alone_does_not_commit_at_once() {
    Observation report = views(HostView.NOT_LOOKED, arrived(), ONCE);

    assertThat(stays(copying(), report).orders()).isEmpty();
    assertThat(stays(copying(), views(HostView.NOT_LOOKED, pausedAfterRunning(), TWICE)).orders())
        .isEmpty();
  }

  @Test
  void a_silent_source_does_not_hold_up_a_commit_that_was_seen_twice() {
    assertThat(stays(copying(), views(UNKNOWN, arrived(), ONCE)).lookAgain()).isEqualTo(TWICE);
    assertThat(moves(copying(), views(UNKNOWN, arrived(), TWICE)).transition())
        .isEqualTo(Transition.COMMIT);
  }

  @Test
  void nothing_is_undone_by_one_look() {
    Observation once = views(sourceRuns(), absent(), Duration.ofMillis(49));

    Decision.Stay stay = stays(copying(), once);

    assertThat(stay.orders()).isEmpty();
    assertThat(stay.why()).startsWith("looking twice: ");
    assertThat(moves(copying(), views(sourceRuns(), absent(), TWICE)).transition())
        .isEqualTo(Transition.TRANSFER_FAILED);
  }

  @Test
  void going_back_clears_the_destination_and_tells_the_source_first() {
    Decision.Move move = moves(copying(), views(sourceRuns(), absent(), TWICE));
    Decision.Move forced =
        moves(copying(Plans.copied(), FORCE), views(sourceRuns(), absent(), TWICE));

    // Autostart comes last: until the destination is cleared, its guest may be starting there.
    assertThat(acts(move))
        .containsExactly(new Act.AbortTransfer(), new Act.ClearDestinationDomain());
    assertThat(acts(forced))
        .containsExactly(
            new Act.AbortTransfer(), new Act.ResumeSource(), new Act.ClearDestinationDomain());
  }

  @Test
  void a_pause_of_the_owners_is_not_lifted_on_the_way_back() {
    Decision.Move move =
        moves(
            copying(Plans.ownerPaused(), FORCE),
            views(sourcePaused(StateReason.USER), absent(), TWICE));

    assertThat(acts(move))
        .containsExactly(new Act.AbortTransfer(), new Act.ClearDestinationDomain());
  }

  @Test
  void no_start_can_overtake_the_way_back() {
    HostView outdated = sourcePaused(StateReason.USER, NOT_STARTED);

    Decision.Stay first = stays(copying(), views(outdated, absent(), TWICE));
    assertThat(onlyAct(first)).isInstanceOf(Act.AbortTransfer.class);

    HostView never = sourcePaused(StateReason.USER, new TransferRecord.Ended("aborted"));
    assertThat(moves(copying(), views(never, absent(), TWICE)).transition())
        .isEqualTo(Transition.TRANSFER_FAILED);
  }

  @Test
  void no_way_back_begins_before_libvirts_call_is_over_and_a_wait_that_lasts_is_shown() {
    HostView underWay = with(sourceRuns(), STARTED);

    Decision.Stay first = stays(copying(), views(underWay, absent(), TWICE));
    assertThat(first.alarm()).isFalse();
    assertThat(first.orders()).isEmpty();
    assertThat(stays(copying(), views(underWay, absent(), Duration.ofSeconds(35))).alarm())
        .isTrue();
  }

  @Test
  void a_source_paused_to_end_the_copy_is_resumed_before_anything_else() {
    Migration forced = copying(Plans.copied(), FORCE);

    Decision.Stay paused = stays(forced, views(sourcePaused(StateReason.USER), absent(), TWICE));
    assertThat(onlyAct(paused)).isInstanceOf(Act.ResumeSource.class);

    assertThat(moves(forced, views(sourceRuns(), absent(), TWICE)).transition())
        .isEqualTo(Transition.TRANSFER_FAILED);
  }

  @Test
  void a_source_without_a_job_is_resumed_where_it_never_ran_elsewhere() {
    Observation never = views(sourcePaused(StateReason.MIGRATION), absent(), TWICE);
    Observation ran = views(sourcePaused(StateReason.MIGRATION), ranAndEnded(), TWICE);

    assertThat(onlyAct(stays(copying(), never))).isInstanceOf(Act.ResumeSource.class);
    assertThat(onlyAct(stays(copying(), ran))).isInstanceOf(Act.ResumeSource.class);
    Decision.Stay held = stays(copying(Plans.shared(), Wishes.NONE), ran);
    assertThat(held.orders()).isEmpty();
    assertThat(held.alarm()).isTrue();
  }

  @Test
  void an_abandoned_incoming_guest_is_cleared_only_after_libvirts_patience() {
    HostView paused = sourcePaused(StateReason.MIGRATION);

    assertThat(stays(copying(), views(paused, incoming(), Duration.ofSeconds(34))).orders())
        .isEmpty();
    assertThat(onlyAct(stays(copying(), views(paused, incoming(), DecisionTable.KEEP_ALIVE))))
        .isInstanceOf(Act.ClearDestinationDomain.class);
  }

  @Test
  void what_a_copy_left_is_mended_only_when_no_other_can_follow() {
    HostView begun = sourcePaused(StateReason.MIGRATION, STARTED);
    HostView interrupted = sourcePaused(StateReason.MIGRATION, new TransferRecord.Interrupted(1));

    assertThat(stays(copying(), views(begun, absent(), TWICE)).orders()).isEmpty();
    assertThat(onlyAct(stays(copying(), views(interrupted, absent(), TWICE))))
        .isInstanceOf(Act.AbortTransfer.class);
    assertThat(onlyAct(stays(copying(), views(interrupted, incoming(), DecisionTable.KEEP_ALIVE))))
        .isInstanceOf(Act.AbortTransfer.class);
  }

  @Test
  void a_split_goes_back_and_suspends_the_destination_first() {
    Decision.Move move = moves(copying(), views(sourceRuns(), arrived(), TWICE));

    assertThat(move.next().phase())
        .isInstanceOfSatisfying(
            Phase.RollingBack.class,
            back -> assertThat(back.step()).isEqualTo(RollbackStep.DESTINATION_SUSPENDED));
    assertThat(onlyAct(move)).isInstanceOf(Act.SuspendStray.class);
    assertThat(move.orders().getFirst().host()).isEqualTo(copying().destination());
  }

  @Test
  void a_split_is_certain_only_when_both_were_seen_twice() {
    // The source may have ended by itself between its look and the destination's.
    Observation once = views(sourceRuns(), arrived(), ONCE);

    assertThat(stays(copying(), once).orders()).isEmpty();
    assertThat(moves(copying(), views(sourceRuns(), arrived(), TWICE)).transition())
        .isEqualTo(Transition.TRANSFER_FAILED);
  }

  @Test
  void a_source_that_runs_after_the_destination_had_is_not_harmed_and_the_ending_says_so() {
    HostView ran = ranAndEnded();

    Decision.Move shared =
        moves(copying(Plans.shared(), Wishes.NONE), views(sourceRuns(), ran, TWICE));
    Decision.Move copied = moves(copying(Plans.copied(), ABORT), views(sourceRuns(), ran, TWICE));

    assertThat(ending(shared).reasons())
        .extracting(Refusal::code)
        .containsExactly("copy-failed", "disk-may-be-newer");
    assertThat(ending(copied).cancelled()).isFalse();
    assertThat(ending(copied).reasons())
        .extracting(Refusal::code)
        .containsExactly("copy-failed", "run-at-destination-lost");
  }

  private static Ending ending(Decision.Move move) {
    return ((Phase.RollingBack) move.next().phase()).ending();
  }

  @Test
  void a_guest_that_died_with_its_source_ends_the_move_without_waiting_for_it() {
    Decision.Move move = moves(copying(), views(DEAD, absent(), TWICE));

    assertThat(acts(move)).containsExactly(new Act.ClearDestinationDomain());
    assertThat(ending(move).reasons()).extracting(Refusal::code).containsExactly("host-dead");
  }

  @Test
  void a_copy_towards_a_dead_host_is_aborted() {
    assertThat(onlyAct(stays(copying(), views(sourceCopies(), DEAD, ONCE))))
        .isInstanceOf(Act.AbortTransfer.class);
  }

  @Test
  void the_operators_way_out_of_silence_is_named() {
    Duration later = DecisionTable.KEEP_ALIVE;

    assertThat(
            List.of(
                stays(copying(), views(sourcePaused(StateReason.MIGRATION), UNKNOWN, later)),
                stays(copying(), views(sourceRuns(), UNKNOWN, later)),
                stays(copying(), views(sourceSwitched(), UNKNOWN, later))))
        .allSatisfy(
            stay -> assertThat(stay.why()).endsWith("godwit host fence host-b --powered-off"));
    assertThat(stays(copying(), views(UNKNOWN, absent(), later)).why())
        .endsWith("godwit host fence host-a --powered-off");
  }

  @Test
  void a_strict_arrival_is_committed_when_the_source_is_gone_and_resumed_after_the_fence() {
    Migration strict = copying(Plans.strict(), Wishes.NONE);

    assertThat(stays(strict, views(sourceSwitched(), arrivedPaused(), TWICE)).orders()).isEmpty();
    Decision.Move committed = moves(strict, views(sourceGone(End.MIGRATED), arrivedPaused(), ONCE));
    assertThat(onlyAct(committed)).isInstanceOf(Act.FenceSource.class);
    Decision.Move fenced = moves(committed.next(), Observation.of(new StepReply.Done()));
    assertThat(onlyAct(fenced)).isEqualTo(new Act.RunAtDestination(true, true));
  }

  @Test
  void a_paused_arrival_of_an_owners_pause_is_not_resumed() {
    Migration paused =
        in(new Phase.Settling(SettleStep.SOURCE_FENCED), Plans.ownerPausedStrict(), Wishes.NONE);

    assertThat(onlyAct(moves(paused, Observation.of(new StepReply.Done()))))
        .isEqualTo(new Act.RunAtDestination(false, true));
  }

  @Test
  void a_guest_that_ended_at_the_source_is_not_given_back_while_libvirts_call_may_still_make_one() {
    Observation underWay = views(with(sourceGone(End.SHUT_DOWN), STARTED), absent(), TWICE);
    Observation over = views(sourceGone(End.SHUT_DOWN), absent(), TWICE);

    assertThat(stays(copying(), underWay).orders()).isEmpty();
    assertThat(moves(copying(), over).transition()).isEqualTo(Transition.TRANSFER_FAILED);
  }

  @Test
  void what_is_about_to_happen_is_looked_for_often_and_later_less_often() {
    Observation now = views(sourceSwitched(), finishing(), ONCE);
    Observation later = views(sourceSwitched(), finishing(), Duration.ofSeconds(2));

    assertThat(stays(copying(), now).lookAgain()).isEqualTo(Duration.ofMillis(50));
    assertThat(stays(copying(), later).lookAgain()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_wait_longer_than_libvirts_own_patience_is_shown_to_an_operator() {
    HostView paused = sourcePaused(StateReason.MIGRATION);

    assertThat(stays(copying(), views(paused, UNKNOWN, Duration.ofSeconds(34))).alarm()).isFalse();
    assertThat(stays(copying(), views(paused, UNKNOWN, Duration.ofSeconds(35))).alarm()).isTrue();
  }

  @Test
  void what_is_held_says_what_an_operator_can_do() {
    HostView here = sourceGoneDefined(End.SHUT_DOWN);
    Decision.Stay lost = stays(copying(), views(here, ranAndEnded(), TWICE));
    assertThat(lost.alarm()).isTrue();
    assertThat(lost.why()).contains("godwit migration rule 12 --home host-a|host-b --reason");
    assertThat(lost.wayOut().because()).isEqualTo("LOST");
    assertThat(lost.wayOut().home()).contains(new HostName("host-b"));
    assertThat(lost.wayOut().home()).doesNotContain(new HostName("host-c"));

    Decision.Stay nowhere = stays(copying(), views(sourceGone(End.UNKNOWN), absent(), TWICE));
    assertThat(nowhere.why()).contains("no host that answers has its definition");
    assertThat(nowhere.wayOut().home()).doesNotContain(new HostName("host-a"));

    Decision.Stay dead = stays(copying(), views(sourceGone(End.UNKNOWN), DEAD, TWICE));
    assertThat(dead.wayOut().home()).containsExactly(new HostName("host-b"));
    Decision.Stay bothDead = stays(copying(), views(DEAD, DEAD, TWICE));
    assertThat(bothDead.wayOut().home())
        .containsExactly(new HostName("host-a"), new HostName("host-b"));

    Decision.Stay old =
        stays(
            copying(Plans.shared(), Wishes.NONE),
            views(sourcePaused(StateReason.MIGRATION), ranAndEnded(), TWICE));
    assertThat(old.wayOut().end()).containsExactly(new HostName("host-a"));
    assertThat(old.wayOut().home()).doesNotContain(new HostName("host-a"));
  }

  @Test
  void an_operators_ruling_for_the_source_goes_back_and_says_whose_word_it_was() {
    Decision.Move move =
        moves(
            copying(Plans.copied(), Moves.ruledFor("host-a")),
            views(sourceGoneDefined(End.SHUT_DOWN), ranAndEnded(), TWICE));
    assertThat(move.transition()).isEqualTo(Transition.TRANSFER_FAILED);
    assertThat(move.next().phase())
        .isInstanceOfSatisfying(
            Phase.RollingBack.class,
            it ->
                assertThat(it.ending().reasons().getFirst().sentence())
                    .contains(
                        "an operator said that its disks on host-a are the ones: newer disks"));
  }

  @Test
  void an_operators_ruling_for_the_destination_commits_and_says_whose_word_it_was() {
    Decision.Move move =
        moves(
            copying(Plans.copied(), Moves.ruledFor("host-b")),
            views(sourceGoneDefined(End.SHUT_DOWN), ranAndEnded(), TWICE));
    assertThat(move.transition()).isEqualTo(Transition.COMMIT);
    assertThat(move.why()).contains("an operator said that its disks on host-b are the ones");
  }
}
