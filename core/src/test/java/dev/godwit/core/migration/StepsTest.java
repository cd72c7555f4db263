package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.NOW;
import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.moves;
import static dev.godwit.core.migration.Moves.stays;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.HostView.NOT_LOOKED;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.arrivedPaused;
import static dev.godwit.core.migration.transfer.Views.definitionLeft;
import static dev.godwit.core.migration.transfer.Views.destination;
import static dev.godwit.core.migration.transfer.Views.pausedAfterRunning;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.ranOnAndEnded;
import static dev.godwit.core.migration.transfer.Views.source;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceGoneAfterRunning;
import static dev.godwit.core.migration.transfer.Views.sourceGoneDefined;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Planning, the steps of the ways forward and back, and the end of a split. */
class StepsTest {
  private static final Observation DONE = Observation.of(new StepReply.Done());
  private static final Observation SILENT = Observation.of(new StepReply.Unanswered("no answer"));
  private static final List<Phase> FROM_SOURCE =
      List.of(
          new Phase.Settling(SettleStep.SOURCE_DEFINITION),
          new Phase.Settling(SettleStep.SOURCE_FILES));
  private static final Duration TWICE = Duration.ofMillis(50);
  private static final Duration HEALTHY = Duration.ofSeconds(3);
  private static final Phase STRAY_SOURCE = new Phase.Settling(SettleStep.SOURCE_SUSPENDED);
  private static final Phase STRAY_DESTINATION =
      new Phase.RollingBack(RollbackStep.DESTINATION_SUSPENDED, Ending.failed(REASON));

  private static Observation refused(String code) {
    return Observation.of(
        new StepReply.Refused(new Refusal(code, "source", "one thing", "another", "Look.")));
  }

  /** The steps that are passed when each is confirmed, and the end. */
  private static List<String> followed(Migration from) {
    return followed(from, DONE);
  }

  private static List<String> followed(Migration from, Observation seen) {
    List<String> steps = new ArrayList<>();
    Migration migration = from;
    while (!migration.phase().over()) {
      migration = moves(migration, seen).next();
      steps.add(
          switch (migration.phase()) {
            case Phase.Settling(SettleStep step) -> step.name();
            case Phase.RollingBack(RollbackStep step, _) -> step.name();
            case Phase.Accepted(),
                Phase.Planned(),
                Phase.Preparing _,
                Phase.Transferring _,
                Phase.Completed(),
                Phase.Cancelled _,
                Phase.Failed _ ->
                migration.phase().name().name();
          });
    }
    return steps;
  }

  @Test
  void an_accepted_migration_looks_for_a_destination() {
    assertThat(Life.next(in(new Phase.Accepted()), Observation.nothing(), NOW))
        .isEqualTo(new Decision.FindDestination());
  }

  @Test
  void it_waits_while_an_earlier_move_of_the_guest_is_settled() {
    Observation earlier =
        new Observation(UNKNOWN, UNKNOWN, Duration.ZERO, Optional.empty(), StepReply.NONE, true);

    assertThat(stays(in(new Phase.Accepted()), earlier).orders()).isEmpty();
  }

  @Test
  void facts_that_cannot_be_had_now_decide_nothing() {
    Observation unanswered =
        new Observation(
            UNKNOWN,
            UNKNOWN,
            Duration.ZERO,
            Optional.of(new PlanOutcome.Unanswered("host-a is silent")),
            StepReply.NONE,
            false);

    assertThat(stays(in(new Phase.Accepted()), unanswered).why()).isEqualTo("host-a is silent");
  }

  @Test
  void steps_without_work_are_left_out() {
    Migration preparing =
        in(
            new Phase.Preparing(PrepareStep.DESTINATION_DIRECTORIES),
            Plans.diskless(false),
            Wishes.NONE);
    Migration settling =
        in(new Phase.Settling(SettleStep.SOURCE_FENCED), Plans.diskless(false), Wishes.NONE);

    assertThat(moves(preparing, DONE).next().phase()).isEqualTo(new Phase.Transferring());
    assertThat(followed(settling))
        .containsExactly("SOURCE_DEFINITION", "SOURCE_FILES", "DESTINATION_OWNED", "COMPLETED");
  }

  @Test
  void a_guest_that_may_have_come_in_post_copy_is_looked_at_before_the_source_is_cleared() {
    Migration settling =
        in(new Phase.Settling(SettleStep.SOURCE_FENCED), Plans.diskless(true), Wishes.NONE);

    assertThat(followed(settling)).startsWith("DESTINATION_RUNNING", "SOURCE_DEFINITION");
  }

  @Test
  void preparing_is_ordered_again_while_its_host_is_silent_and_given_up_after_a_minute() {
    Migration preparing = in(new Phase.Preparing(PrepareStep.DESTINATION_DISKS));

    assertThat(Life.next(preparing, SILENT, SINCE.plusSeconds(60)).orders())
        .extracting(Order::act)
        .containsExactly(new Act.PrepareDisks(Plans.copied().copiedDisks()));
    assertThat(Life.next(preparing, SILENT, SINCE.plusSeconds(61)))
        .isInstanceOfSatisfying(
            Decision.Move.class,
            move -> {
              assertThat(move.transition()).isEqualTo(Transition.PREPARE_FAILED);
              assertThat(move.next().phase())
                  .isEqualTo(
                      new Phase.RollingBack(
                          RollbackStep.TRANSFER_FORBIDDEN,
                          Ending.failed(
                              Refusals.silent(PrepareStep.DESTINATION_DISKS, "no answer"))));
            });
  }

  @Test
  void a_restarted_server_orders_the_step_again() {
    Migration preparing = in(new Phase.Preparing(PrepareStep.SOURCE_AUTOSTART));

    assertThat(stays(preparing, Observation.nothing()).orders())
        .extracting(Order::act)
        .containsExactly(new Act.DisarmAutostart());
  }

  @Test
  void settling_goes_through_its_steps_from_the_fence_to_the_end() {
    assertThat(followed(in(new Phase.Settling(SettleStep.SOURCE_FENCED))))
        .containsExactly(
            "DESTINATION_RUNNING",
            "SOURCE_DEFINITION",
            "SOURCE_FILES",
            "DESTINATION_OWNED",
            "COMPLETED");
  }

  @Test
  void going_back_goes_through_its_steps_to_the_end() {
    assertThat(
            followed(
                in(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)))))
        .containsExactly("DESTINATION_FILES", "SOURCE_RESTORED", "FAILED");
  }

  /** Ended, as it is when this is all that is known. */
  private static Migration ended(Migration from, Observation seen) {
    Migration migration = from;
    while (!migration.phase().over()) {
      migration = moves(migration, seen).next();
    }
    return migration;
  }

  @Test
  void what_a_dead_source_owes_is_listed_and_done_when_it_is_back() {
    Migration settling = in(new Phase.Settling(SettleStep.SOURCE_FENCED));
    Observation dead = views(DEAD, NOT_LOOKED, Duration.ZERO);
    Observation answered = views(DEAD, NOT_LOOKED, Duration.ZERO, new StepReply.Done());

    Decision.Move looks = moves(settling, dead);
    assertThat(looks.transition()).isEqualTo(Transition.HOST_DIED);
    assertThat(looks.orders()).isEmpty();
    Decision.Move owed = moves(looks.next(), views(DEAD, arrived(), Duration.ZERO));
    assertThat(owed.orders())
        .extracting(Order::act)
        .containsExactly(new Act.RunAtDestination(false, true));
    Migration without = moves(owed.next(), answered).next();
    without = moves(without, dead).next();
    Decision.Move filesOwed = moves(without, dead);
    assertThat(filesOwed.orders())
        .extracting(Order::act)
        .containsExactly(new Act.OwnDestinationFiles(settling.planned().disks()));
    Migration over = moves(filesOwed.next(), answered).next();

    assertThat(over.phase()).isEqualTo(new Phase.Completed());
    assertThat(over.rests()).isFalse();
    assertThat(over.owed())
        .extracting(Owed::step)
        .as("dead beside the guest, it has nothing to be fenced from")
        .containsExactly("SOURCE_DEFINITION", "SOURCE_FILES");
    assertThat(stays(over, dead).why())
        .contains("SOURCE_DEFINITION waits for " + settling.source());
    assertThat(stays(over, views(UNKNOWN, NOT_LOOKED, Duration.ZERO)).orders()).isEmpty();

    Decision.Move back = moves(over, views(sourceGone(End.UNKNOWN), arrived(), Duration.ZERO));
    assertThat(back.orders())
        .extracting(Order::act)
        .containsExactly(new Act.ClearSourceDefinition());
    assertThat(ended(back.next(), DONE).rests()).isTrue();
  }

  @Test
  void nothing_of_the_source_goes_while_the_destination_is_dead_or_was_not_seen_since() {
    Observation dead = views(NOT_LOOKED, DEAD, Duration.ZERO);
    Migration running = in(new Phase.Settling(SettleStep.DESTINATION_RUNNING));

    Decision.Move owed = moves(running, dead);
    assertThat(owed.orders()).isEmpty();
    // It is back meanwhile: its first step comes first all the same.
    Decision.Move next = moves(owed.next(), Observation.nothing());
    assertThat(next.orders()).isEmpty();
    Migration over = ended(running, dead);

    assertThat(over.phase()).isEqualTo(new Phase.Completed());
    assertThat(over.owed())
        .extracting(Owed::step)
        .containsExactly(
            "DESTINATION_RUNNING", "SOURCE_DEFINITION", "SOURCE_FILES", "DESTINATION_OWNED");
    assertThat(over.owed()).extracting(Owed::host).containsOnly(running.destination());
  }

  @Test
  void a_source_may_be_the_last_copy_when_the_destination_died_after_the_commit() {
    Migration fencing = in(new Phase.Settling(SettleStep.SOURCE_FENCED));

    Decision.Move looks = moves(fencing, views(NOT_LOOKED, DEAD, Duration.ZERO));
    assertThat(looks.orders()).isEmpty();
    Decision.Stay paused =
        stays(looks.next(), views(sourcePaused(StateReason.MIGRATION), DEAD, HEALTHY));
    assertThat(paused.orders()).isEmpty();
    assertThat(paused.alarm()).isTrue();
    Decision.Move gone = moves(looks.next(), views(sourceGone(End.MIGRATED), DEAD, Duration.ZERO));
    assertThat(gone.orders()).isEmpty();
    assertThat(gone.next().phase()).isEqualTo(new Phase.Settling(SettleStep.DESTINATION_RUNNING));
  }

  @Test
  void a_guest_that_lost_its_memory_in_post_copy_is_said_to_be_lost_and_held() {
    Migration running =
        in(new Phase.Settling(SettleStep.DESTINATION_RUNNING), Plans.postCopy(), Wishes.NONE);
    Migration source =
        in(new Phase.Settling(SettleStep.SOURCE_SUSPENDED), Plans.postCopy(), Wishes.NONE);

    Decision.Stay incomplete =
        (Decision.Stay) Life.next(running, refused(Refusals.STILL_ARRIVING), SINCE.plusSeconds(36));
    Decision.Stay broken =
        stays(source, views(sourcePaused(StateReason.POST_COPY_FAILED), DEAD, HEALTHY));

    assertThat(List.of(incomplete, broken))
        .allSatisfy(stay -> {
          assertThat(stay.alarm()).isTrue();
          assertThat(stay.why()).contains("lost in post-copy");
        });
    assertThat(broken.orders()).isEmpty();
    assertThat(stays(running, refused(Refusals.STILL_ARRIVING)).alarm()).isFalse();
  }

  @Test
  void a_way_back_does_not_wait_for_a_dead_destination() {
    Migration back =
        in(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)));
    Observation dead = views(NOT_LOOKED, DEAD, Duration.ZERO);

    Migration files = moves(back, dead).next();
    Decision.Move restoring = moves(files, dead);
    assertThat(restoring.orders())
        .extracting(Order::act)
        .containsExactly(new Act.RestoreSource(true, false, true));
    Migration over =
        moves(restoring.next(), views(NOT_LOOKED, DEAD, Duration.ZERO, new StepReply.Done()))
            .next();

    assertThat(over.phase()).isEqualTo(new Phase.Failed(Ending.failed(REASON)));
    assertThat(over.owed())
        .containsExactly(
            new Owed(back.destination(), "DESTINATION_DOMAIN"),
            new Owed(back.destination(), "DESTINATION_FILES"));
  }

  @Test
  void nothing_of_the_destination_goes_on_an_operators_word_for_a_source_that_is_still_dead() {
    Migration ruled =
        in(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)))
            .with(Moves.ruledFor("host-a"));
    Observation dead = views(DEAD, NOT_LOOKED, Duration.ZERO);
    Decision.Move owed = moves(ruled, dead);
    Migration over = moves(moves(owed.next(), dead).next(), dead).next();

    assertThat(owed.orders()).isEmpty();
    assertThat(over.phase()).isInstanceOf(Phase.Failed.class);
    assertThat(over.owed())
        .extracting(it -> it.host() + " " + it.step())
        .containsExactly(
            "host-a DESTINATION_DOMAIN", "host-a DESTINATION_FILES", "host-a SOURCE_RESTORED");
    // The destination's return alone changes nothing.
    assertThat(Life.next(over, views(DEAD, absent(), TWICE), NOW))
        .isInstanceOf(Decision.Stay.class);
    assertThat(stays(over, views(sourceGone(End.UNKNOWN), absent(), TWICE)).why())
        .contains("back without its definition");
    assertThat(moves(over, views(sourceGoneDefined(End.UNKNOWN), absent(), TWICE)).next().phase())
        .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)));
  }

  @Test
  void a_dead_host_ends_what_is_not_under_way_yet() {
    Observation source = views(DEAD, NOT_LOOKED, Duration.ZERO);
    Observation destination = views(NOT_LOOKED, DEAD, Duration.ZERO);

    assertThat(moves(in(new Phase.Accepted()), source).transition()).isEqualTo(Transition.REFUSE);
    assertThat(moves(in(new Phase.Planned()), destination).transition())
        .isEqualTo(Transition.REPLAN);
    Decision.Move failed =
        moves(in(new Phase.Preparing(PrepareStep.DESTINATION_DISKS)), destination);
    assertThat(failed.transition()).isEqualTo(Transition.PREPARE_FAILED);
    assertThat(failed.orders()).extracting(Order::act).containsExactly(new Act.AbortTransfer());
    assertThat(failed.why()).contains("host-dead", failed.next().destination().value());
  }

  @Test
  void a_plan_lasts_two_minutes() {
    Migration planned = in(new Phase.Planned());

    assertThat(
            ((Decision.Move) Life.next(planned, Observation.nothing(), SINCE.plusSeconds(120)))
                .transition())
        .isEqualTo(Transition.PREPARE);
    Decision.Move anew =
        (Decision.Move) Life.next(planned, Observation.nothing(), SINCE.plusSeconds(121));
    assertThat(anew.transition()).isEqualTo(Transition.REPLAN);
    assertThat(anew.next().plan()).isEmpty();
  }

  @Test
  void settling_never_gives_up() {
    Migration settling = in(new Phase.Settling(SettleStep.DESTINATION_OWNED));

    assertThat(Life.next(settling, SILENT, SINCE.plusSeconds(86_400)))
        .isInstanceOf(Decision.Stay.class);
    assertThat(stays(settling, Observation.of(new StepReply.Refused(REASON))).why())
        .isEqualTo(REASON.sentence());
  }

  @Test
  void a_host_that_stays_silent_while_a_move_is_settled_or_taken_back_is_shown() {
    List<Phase> phases = new ArrayList<>();
    for (SettleStep step : SettleStep.values()) {
      phases.add(new Phase.Settling(step));
    }
    for (RollbackStep step : RollbackStep.values()) {
      phases.add(new Phase.RollingBack(step, Ending.failed(REASON)));
    }
    phases.removeIf(Life::looksAtHosts);
    phases.removeAll(FROM_SOURCE);

    assertThat(phases)
        .hasSizeGreaterThan(4)
        .allSatisfy(phase -> {
          Decision.Stay early = (Decision.Stay) Life.next(in(phase), SILENT, SINCE.plusSeconds(34));
          Decision.Stay late = (Decision.Stay) Life.next(in(phase), SILENT, SINCE.plusSeconds(35));
          assertThat(early.alarm()).isFalse();
          assertThat(late.alarm()).isTrue();
          assertThat(late.why())
              .startsWith("no answer; if ")
              .endsWith(
                  "godwit host fence %s --powered-off".formatted(late.orders().getLast().host()));
          assertThat(late.orders()).isEqualTo(early.orders()).isNotEmpty();
        });
  }

  @Test
  void while_the_destination_is_silent_the_source_keeps_what_may_be_all_that_is_left() {
    assertThat(FROM_SOURCE)
        .allSatisfy(phase -> {
          Observation silent = views(NOT_LOOKED, UNKNOWN, Duration.ZERO);
          Decision.Stay early = (Decision.Stay) Life.next(in(phase), silent, SINCE.plusSeconds(34));
          Decision.Stay late = (Decision.Stay) Life.next(in(phase), silent, SINCE.plusSeconds(35));
          assertThat(early.orders()).isEmpty();
          assertThat(early.alarm()).isFalse();
          assertThat(late.orders()).isEmpty();
          assertThat(late.alarm()).isTrue();
          assertThat(late.why())
              .endsWith("godwit host fence %s --powered-off".formatted(in(phase).destination()));
        });
  }

  @Test
  void a_destination_that_is_seen_without_the_guest_is_for_an_operator() {
    assertThat(FROM_SOURCE)
        .allSatisfy(phase -> {
          Decision.Stay stay = stays(in(phase), views(NOT_LOOKED, absent(), Duration.ZERO));
          assertThat(stay.orders()).isEmpty();
          assertThat(stay.alarm()).isTrue();
        });
  }

  private static Act onlyAct(Decision decision) {
    assertThat(decision.orders()).hasSize(1);
    return decision.orders().getFirst().act();
  }

  private static Observation movedOn(HostView source, HostView destination, StepReply reply) {
    return views(source, destination, HEALTHY, reply).movedOn(true);
  }

  @Test
  void the_source_is_cleared_of_a_guest_that_was_deleted_or_moved_on_since() {
    Observation seen = movedOn(NOT_LOOKED, absent(), StepReply.NONE);
    assertThat(FROM_SOURCE)
        .allSatisfy(phase -> assertThat(stays(in(phase), seen).orders()).hasSize(1));
    Observation dead = movedOn(NOT_LOOKED, DEAD, new StepReply.Done());
    Decision.Move onward = moves(in(new Phase.Settling(SettleStep.SOURCE_DEFINITION)), dead);
    assertThat(onlyAct(onward)).isInstanceOf(Act.ClearSourceFiles.class);
    assertThat(onward.next().owed()).isEmpty();
  }

  @Test
  void of_a_guest_that_moved_on_nothing_is_started_or_owned_and_what_was_not_taken_along_goes() {
    Observation seen = movedOn(NOT_LOOKED, absent(), StepReply.NONE);
    assertThat(moves(in(new Phase.Settling(SettleStep.DESTINATION_RUNNING)), seen).transition())
        .isEqualTo(Transition.SETTLE_NEXT);
    assertThat(onlyAct(stays(in(new Phase.Settling(SettleStep.DESTINATION_OWNED)), seen)))
        .isInstanceOf(Act.ClearDestinationFiles.class);
  }

  @Test
  void a_stray_of_a_guest_that_moved_on_is_suspended_and_goes() {
    Decision.Stay runs = stays(in(STRAY_SOURCE), movedOn(sourceRuns(), absent(), StepReply.NONE));
    assertThat(onlyAct(runs)).isInstanceOf(Act.SuspendStray.class);
    HostView suspended = sourcePaused(StateReason.USER);
    assertThat(moves(in(STRAY_SOURCE), movedOn(suspended, absent(), StepReply.NONE)).transition())
        .isEqualTo(Transition.SETTLE_NEXT);
  }

  @Test
  void nobody_is_told_to_end_what_may_be_the_last_copy() {
    for (HostView owner : List.of(absent(), DEAD)) {
      for (HostView stray : List.of(sourceRuns(), sourcePaused(StateReason.USER))) {
        Decision.Stay kept =
            stays(in(STRAY_SOURCE, Plans.copied(), Wishes.NONE), views(stray, owner, HEALTHY));
        assertThat(kept.alarm()).isTrue();
        assertThat(kept.orders()).isEmpty();
        assertThat(kept.why()).contains("is kept as it is").doesNotContain("virsh destroy");
      }
    }
  }

  @Test
  void the_last_copy_is_ruled_home_when_it_runs_and_resumed_before_that_when_it_stands_still() {
    Migration stray = in(STRAY_SOURCE, Plans.copied(), Wishes.NONE);
    HostName source = stray.source();

    WayOut running = stays(stray, views(sourceRuns(), absent(), HEALTHY)).wayOut();
    assertThat(running)
        .isEqualTo(WayOut.ruleCopy(stray, source, stray.destination()).on(Hold.LAST_COPY));
    assertThat(running.home()).containsExactly(source);
    HostView paused = sourcePaused(StateReason.USER);
    WayOut still = stays(stray, views(paused, absent(), HEALTHY)).wayOut();
    assertThat(still).isEqualTo(WayOut.resumeCopy(stray, source).on(Hold.LAST_COPY));
    Migration onOneDisk = in(STRAY_SOURCE, Plans.shared(), Wishes.NONE);
    WayOut maybeOld = stays(onOneDisk, views(paused, absent(), HEALTHY)).wayOut();
    assertThat(maybeOld).isEqualTo(WayOut.resumeOrEndCopy(onOneDisk, source).on(Hold.LAST_COPY));
  }

  @Test
  void a_copy_that_ran_on_at_the_source_and_is_ruled_the_guest_turns_the_move_back() {
    Migration ruled =
        in(STRAY_SOURCE, Plans.copied(), Moves.ruledFor("host-a"))
            .owing(new Owed(new HostName("host-b"), "DESTINATION_RUNNING"));

    Decision.Move back = moves(ruled, views(sourceRuns(), absent(), TWICE));
    assertThat(back.transition()).isEqualTo(Transition.RULED_BACK);
    assertThat(back.why()).contains("an operator");
    assertThat(back.next().epoch()).isEqualTo(ruled.epoch().next());
    assertThat(back.next().owed()).isEmpty();
    assertThat(back.orders())
        .extracting(Order::act)
        .containsExactly(new Act.AbortTransfer(), new Act.ClearDestinationDomain());
    assertThat(moves(ruled, views(sourceRuns(), DEAD, TWICE)).orders())
        .as("what a dead host's step needs waits for it")
        .isEmpty();
  }

  @Test
  void a_copy_that_runs_at_the_destination_and_is_ruled_the_guest_turns_a_way_back_on() {
    Migration ruled = in(STRAY_DESTINATION, Plans.copied(), Moves.ruledFor("host-b"));

    Decision.Move on = moves(ruled, views(sourceGone(End.CRASHED), arrived(), TWICE));
    assertThat(on.transition()).isEqualTo(Transition.RULED_ON);
    assertThat(on.next().epoch()).isEqualTo(ruled.epoch().next());
    assertThat(on.orders()).extracting(Order::act).containsExactly(new Act.FenceSource(false));
    Decision.Move fromDead = moves(ruled, views(DEAD, arrived(), TWICE));
    assertThat(fromDead.next().owed())
        .containsExactly(new Owed(ruled.source(), SettleStep.SOURCE_DEFINITION.name()));
  }

  @Test
  void a_ruling_counts_only_for_a_copy_that_was_seen_twice_and_while_the_owner_does_not_run() {
    Migration ruled = in(STRAY_SOURCE, Plans.copied(), Moves.ruledFor("host-a"));

    assertThat(stays(ruled, views(sourceRuns(), absent(), Duration.ZERO)).orders()).isEmpty();
    assertThat(onlyAct(stays(ruled, views(sourceRuns(), arrived(), TWICE))))
        .isEqualTo(new Act.SuspendStray());
    Migration other = in(STRAY_SOURCE, Plans.copied(), Moves.ruledFor("host-b"));
    assertThat(stays(other, views(sourceRuns(), absent(), TWICE)).orders()).isEmpty();
  }

  @Test
  void an_arrival_that_is_older_than_the_disk_its_source_ran_on_over_is_not_resumed() {
    Migration ran = in(STRAY_SOURCE, Plans.strict(), Wishes.NONE);
    Migration copied = in(STRAY_SOURCE, Plans.strictCopied(), Wishes.NONE);
    for (HostView source : List.of(sourceGoneAfterRunning(End.SHUT_DOWN), DEAD)) {
      Decision.Stay held = stays(ran, views(source, arrivedPaused(), HEALTHY));
      assertThat(held.orders()).isEmpty();
      assertThat(held.why()).contains("'virsh destroy %s' on host-b".formatted(ran.instance()));
      Decision.Stay unruled = stays(copied, views(source, arrivedPaused(), HEALTHY));
      assertThat(unruled.orders()).isEmpty();
      assertThat(unruled.why()).contains("godwit migration rule");
    }
    HostView moved = sourceGoneAfterRunning(End.MIGRATED);
    for (Migration each : List.of(ran, copied)) {
      assertThat(moves(each, views(moved, arrivedPaused(), HEALTHY)).transition())
          .isEqualTo(Transition.SETTLE_NEXT);
    }
  }

  @Test
  void disks_that_an_ended_stray_may_have_written_last_are_kept_until_somebody_rules() {
    Migration unruled = in(STRAY_SOURCE, Plans.copied(), Wishes.NONE);
    HostView ended = ranOnAndEnded();
    for (HostView owner : List.of(ranAndEnded(), DEAD)) {
      Decision.Stay held = stays(unruled, views(ended, owner, HEALTHY));
      assertThat(held.alarm()).isTrue();
      assertThat(held.orders()).isEmpty();
      assertThat(held.wayOut().home()).contains(unruled.source());
    }
    assertThat(moves(unruled, views(ended, arrived(), HEALTHY)).transition())
        .as("beside a guest that is there it does not matter")
        .isEqualTo(Transition.SETTLE_NEXT);
    Migration here = in(STRAY_SOURCE, Plans.copied(), Moves.ruledFor("host-a"));
    assertThat(moves(here, views(ended, ranAndEnded(), HEALTHY)).transition())
        .isEqualTo(Transition.RULED_BACK);
    Migration there = in(STRAY_SOURCE, Plans.copied(), Moves.ruledFor("host-b"));
    assertThat(moves(there, views(ended, ranAndEnded(), HEALTHY)).transition())
        .isEqualTo(Transition.SETTLE_NEXT);
  }

  @Test
  void beside_a_silent_owner_nobody_is_told_to_end_anything() {
    for (TransferPlan plan : List.of(Plans.shared(), Plans.copied())) {
      for (HostView stray :
          List.of(sourcePaused(StateReason.USER), sourcePaused(StateReason.POST_COPY_FAILED))) {
        Decision.Stay waits =
            stays(in(STRAY_SOURCE, plan, Wishes.NONE), views(stray, UNKNOWN, HEALTHY));
        assertThat(waits.orders()).isEmpty();
        assertThat(waits.wayOut()).isEqualTo(WayOut.NONE);
      }
    }
  }

  @Test
  void the_source_is_cleared_also_of_a_guest_that_has_ended_at_the_destination_since() {
    assertThat(FROM_SOURCE)
        .allSatisfy(phase ->
            assertThat(
                    stays(in(phase), views(NOT_LOOKED, definitionLeft(), Duration.ZERO)).orders())
                .hasSize(1));
  }

  @Test
  void a_source_in_post_copy_is_not_fenced_before_its_end() {
    Migration settling = in(new Phase.Settling(SettleStep.SOURCE_FENCED));

    Decision.Stay goesOn = stays(settling, refused(Refusals.SOURCE_IN_POST_COPY));
    assertThat(goesOn.alarm()).isFalse();
    assertThat(goesOn.lookAgain()).isEqualTo(Duration.ofMillis(250));

    assertThat(moves(settling, refused(Refusals.SOURCE_POST_COPY_FAILED)).transition())
        .isEqualTo(Transition.POST_COPY_BROKE);
  }

  @Test
  void a_failed_move_tells_what_its_destination_saw_after_what_made_it_fail() {
    Refusal full = new Refusal("destination-full", "/guests", "room", "0 bytes free", "Make room.");
    Phase clearing =
        new Phase.RollingBack(
            RollbackStep.DESTINATION_FILES,
            Ending.failed(Refusals.copyFailed("Input/output error")));

    Migration restoring =
        moves(in(clearing), Observation.of(new StepReply.Done(Optional.of(full)))).next();
    Decision.Move failed = moves(restoring, DONE);

    assertThat(failed.why()).contains("copy-failed", "Input/output error");
    assertThat(((Phase.Failed) failed.next().phase()).ending().reasons())
        .extracting(Refusal::code)
        .containsExactly("copy-failed", "destination-full");
  }

  @Test
  void an_aborted_move_needs_no_other_cause() {
    Phase clearing = new Phase.RollingBack(RollbackStep.DESTINATION_FILES, Ending.aborted());

    Migration restoring =
        moves(in(clearing), Observation.of(new StepReply.Done(Optional.of(REASON)))).next();

    assertThat(restoring.phase())
        .isEqualTo(new Phase.RollingBack(RollbackStep.SOURCE_RESTORED, Ending.aborted()));
  }

  @Test
  void an_agent_that_is_busy_with_an_earlier_order_is_awaited_visibly_and_asked_again() {
    Migration preparing = in(new Phase.Preparing(PrepareStep.DESTINATION_DISKS));
    Observation busy = refused(Refusals.AGENT_BUSY);

    Decision.Stay waits = stays(preparing, busy);
    assertThat(waits.why()).contains("agent-busy");
    assertThat(waits.alarm()).isFalse();
    assertThat(waits.orders())
        .extracting(Order::act)
        .containsExactly(new Act.PrepareDisks(preparing.planned().copiedDisks()));

    Decision.Stay late =
        (Decision.Stay) Life.next(preparing, busy, SINCE.plus(Duration.ofMinutes(5)));
    assertThat(late.alarm()).isTrue();
    assertThat(late.orders()).hasSize(1);
  }

  @Test
  void the_done_of_a_suspension_is_not_the_done_of_the_fence() {
    Migration fencing = in(new Phase.Settling(SettleStep.SOURCE_FENCED));

    Decision.Move ran = moves(fencing, refused(Refusals.SOURCE_RUNS));
    assertThat(ran.orders()).isEmpty();
    Decision.Stay suspends = stays(ran.next(), views(sourceRuns(), arrived(), TWICE));
    assertThat(suspends.orders()).extracting(Order::act).containsExactly(new Act.SuspendStray());
    assertThat(suspends.orders()).extracting(Order::host).containsExactly(fencing.source());

    Observation suspended =
        views(sourcePaused(StateReason.USER), arrived(), Duration.ZERO, new StepReply.Done());
    assertThat(stays(ran.next(), suspended).orders()).isEmpty();
  }

  @Test
  void a_stray_is_suspended_only_when_both_were_seen_to_run_twice() {
    for (Phase stray : List.of(STRAY_SOURCE, STRAY_DESTINATION)) {
      Decision.Stay once = stays(in(stray), views(sourceRuns(), arrived(), Duration.ZERO));
      Decision.Stay twice = stays(in(stray), views(sourceRuns(), arrived(), TWICE));

      assertThat(once.orders()).isEmpty();
      assertThat(once.alarm()).isTrue();
      assertThat(twice.orders()).extracting(Order::act).containsExactly(new Act.SuspendStray());
    }
  }

  @Test
  void a_stray_beside_a_silent_or_dead_owner_may_be_the_only_copy_and_runs_on() {
    for (HostView owner : List.of(UNKNOWN, DEAD)) {
      assertThat(stays(in(STRAY_SOURCE), views(sourceRuns(), owner, HEALTHY)).orders()).isEmpty();
      assertThat(stays(in(STRAY_DESTINATION), views(owner, arrived(), HEALTHY)).orders()).isEmpty();
    }
  }

  @Test
  void a_stray_whose_host_is_known_dead_holds_up_nothing_and_its_step_is_owed() {
    Decision.Move owed = moves(in(STRAY_SOURCE), views(DEAD, arrived(), Duration.ZERO));
    assertThat(owed.next().phase()).isEqualTo(new Phase.Settling(SettleStep.DESTINATION_RUNNING));
    assertThat(owed.next().owed())
        .containsExactly(new Owed(in(STRAY_SOURCE).source(), "SOURCE_DEFINITION"));
  }

  @Test
  void a_stray_that_runs_again_is_suspended_again() {
    assertThat(stays(in(STRAY_SOURCE), views(sourceRuns(), arrived(), HEALTHY)).orders())
        .extracting(Order::act)
        .containsExactly(new Act.SuspendStray());
    assertThat(stays(in(STRAY_DESTINATION), views(sourceRuns(), arrived(), HEALTHY)).orders())
        .extracting(Order::host)
        .containsExactly(in(STRAY_DESTINATION).destination());
  }

  @Test
  void a_stray_is_kept_until_the_owner_was_healthy_for_a_while() {
    Duration nearly = HEALTHY.minusMillis(1);

    Decision.Stay source =
        stays(in(STRAY_SOURCE), views(sourcePaused(StateReason.USER), arrived(), nearly));
    Decision.Stay destination =
        stays(in(STRAY_DESTINATION), views(sourceRuns(), pausedAfterRunning(), nearly));

    assertThat(source.alarm()).isTrue();
    assertThat(source.orders()).isEmpty();
    assertThat(destination.alarm()).isTrue();
    assertThat(destination.orders()).isEmpty();
  }

  @Test
  void a_stray_is_kept_while_the_owner_is_silent_or_not_well() {
    assertThat(
            stays(in(STRAY_SOURCE), views(sourcePaused(StateReason.USER), UNKNOWN, HEALTHY))
                .orders())
        .isEmpty();
    assertThat(
            stays(in(STRAY_SOURCE), views(sourcePaused(StateReason.USER), absent(), HEALTHY))
                .orders())
        .isEmpty();
    assertThat(
            stays(
                    in(STRAY_DESTINATION),
                    views(sourcePaused(StateReason.IO_ERROR), pausedAfterRunning(), HEALTHY))
                .orders())
        .isEmpty();
  }

  @Test
  void a_source_that_runs_beside_a_waiting_arrival_is_the_only_one_and_is_left_running() {
    Migration strict =
        in(new Phase.Settling(SettleStep.SOURCE_FENCED), Plans.strict(), Wishes.NONE);

    Decision.Move ran = moves(strict, refused(Refusals.SOURCE_RUNS));
    assertThat(ran.orders()).isEmpty();

    Decision.Stay held = stays(ran.next(), views(sourceRuns(), arrivedPaused(), HEALTHY));
    assertThat(held.alarm()).isTrue();
    assertThat(held.orders()).isEmpty();
  }

  @Test
  void on_a_shared_disk_an_operator_decides() {
    Migration shared = in(STRAY_DESTINATION, Plans.shared(), Wishes.NONE);

    Decision.Stay held = stays(shared, views(sourceRuns(), pausedAfterRunning(), HEALTHY));

    assertThat(held.alarm()).isTrue();
    assertThat(held.orders()).isEmpty();
    assertThat(held.why()).contains("To go on, end that with 'virsh destroy");
    assertThat(held.wayOut())
        .isEqualTo(WayOut.endCopy(shared, shared.destination()).on(Hold.STRAY));
  }

  @Test
  void a_copy_that_has_become_the_only_one_is_not_suspended() {
    Decision.Stay held = stays(in(STRAY_SOURCE), views(sourceRuns(), absent(), HEALTHY));

    assertThat(held.alarm()).isTrue();
    assertThat(held.orders()).isEmpty();
  }

  @Test
  void a_stray_that_sleeps_is_held_for_an_operator_and_one_that_crashed_goes() {
    HostView asleep = source(RunState.SUSPENDED, StateReason.MIGRATED, JobView.NONE);
    Decision.Stay held = stays(in(STRAY_SOURCE), views(asleep, arrived(), HEALTHY));
    assertThat(held.alarm()).isTrue();
    assertThat(held.orders()).isEmpty();

    HostView crashed = destination(RunState.CRASHED, StateReason.MIGRATED, JobView.NONE);
    Decision.Move gone = moves(in(STRAY_DESTINATION), views(sourceRuns(), crashed, HEALTHY));
    assertThat(gone.transition()).isEqualTo(Transition.ROLL_BACK_NEXT);
  }

  @Test
  void a_silent_stray_is_awaited_visibly() {
    Decision.Stay waits = stays(in(STRAY_SOURCE), views(UNKNOWN, arrived(), HEALTHY));

    assertThat(waits.alarm()).isTrue();
    assertThat(waits.orders()).isEmpty();
  }
}
