package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.NOW;
import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.migration.transfer.Views;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every phase and step × every wish × every kind of reply × views: what always holds. */
class EveryPhaseTest {
  private static final List<Wishes> WISHES =
      List.of(
          Wishes.NONE, new Wishes(true, false), new Wishes(false, true), new Wishes(true, true));

  /** Where both hosts are looked at, a reply says at most that the order was in vain. */
  private static final List<StepReply> IN_VAIN =
      List.of(new StepReply.Refused(REASON), refused(Refusals.RECOVERY_HANGS));

  private static final List<StepReply> REPLIES =
      with(
          IN_VAIN,
          List.of(
              StepReply.NONE,
              new StepReply.Done(),
              new StepReply.Unanswered("no answer"),
              refused(Refusals.SOURCE_RUNS),
              refused(Refusals.SOURCE_IN_POST_COPY),
              refused(Refusals.SOURCE_POST_COPY_FAILED),
              refused(Refusals.DESTINATION_RUNS)));

  /** One of each way in which views are judged. */
  private static final List<TransferPlan> JUDGED_BY_VIEWS =
      List.of(Plans.strict(), Plans.ownerPaused(), Plans.copied());

  private static final List<TransferPlan> PLANS =
      with(JUDGED_BY_VIEWS, List.of(Plans.shared(), Plans.ownerPausedStrict(), Plans.postCopy()));

  private static final Duration HELD = Duration.ofSeconds(5);

  private static final List<Duration> UNCHANGED =
      List.of(Duration.ZERO, Duration.ofMillis(50), Duration.ofMinutes(2));

  private static final List<Instant> LATE = List.of(SINCE.plusSeconds(3600));

  private static final List<Instant> TIMES = with(LATE, List.of(NOW));

  private static <T> List<T> with(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static StepReply refused(String code) {
    return new StepReply.Refused(new Refusal(code, "host", "a", "b", "c"));
  }

  private static List<Phase> phases() {
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase.Accepted());
    phases.add(new Phase.Planned());
    for (PrepareStep step : PrepareStep.values()) {
      phases.add(new Phase.Preparing(step));
    }
    phases.add(new Phase.Transferring());
    phases.add(new Phase.Transferring(Optional.of(REASON)));
    for (SettleStep step : SettleStep.values()) {
      phases.add(new Phase.Settling(step));
    }
    for (RollbackStep step : RollbackStep.values()) {
      phases.add(new Phase.RollingBack(step, Ending.aborted()));
      phases.add(new Phase.RollingBack(step, Ending.failed(REASON)));
    }
    return phases;
  }

  private static List<HostView> sources() {
    return List.of(
        Views.UNKNOWN,
        Views.DEAD,
        Views.sourceRuns(),
        Views.sourceRuns(new TransferRecord.NotStarted()),
        Views.sourceRuns(new TransferRecord.Forbidden("aborted before it began")),
        Views.sourceRuns(new TransferRecord.Started()),
        Views.sourceRuns(new TransferRecord.Interrupted(1)),
        Views.sourceCopies(),
        Views.sourceSwitched(),
        Views.sourcePaused(StateReason.MIGRATION),
        Views.sourcePaused(StateReason.USER),
        Views.sourcePaused(StateReason.IO_ERROR),
        Views.sourcePaused(StateReason.POST_COPY_FAILED),
        Views.sourceGone(End.MIGRATED),
        Views.sourceGone(End.SHUT_DOWN),
        Views.sourceGoneDefined(End.UNKNOWN));
  }

  private static List<HostView> destinations() {
    return List.of(
        Views.UNKNOWN,
        Views.DEAD,
        Views.absent(),
        Views.definitionLeft(),
        Views.ranAndEnded(),
        Views.incoming(),
        Views.incomingPersistent(),
        Views.finishing(),
        Views.arrived(),
        Views.arrivedPaused(),
        Views.pausedAfterRunning(),
        Views.runsInPostCopy(StateReason.POST_COPY));
  }

  private record Asked(Migration migration, Observation seen, Instant now) {}

  private static void everywhere(BiConsumer<Asked, Decision> claim) {
    for (Phase phase : phases()) {
      for (TransferPlan plan : Life.looksAtHosts(phase) ? JUDGED_BY_VIEWS : PLANS) {
        for (Wishes wishes : WISHES) {
          Migration migration = in(phase, plan, wishes);
          for (StepReply reply : replies(phase)) {
            observed(migration, reply, claim);
          }
        }
      }
    }
  }

  /** Nobody waits for the answer to what only pushes while both hosts are looked at. */
  private static List<StepReply> replies(Phase phase) {
    if (!Life.looksAtHosts(phase)) {
      return REPLIES;
    }
    boolean pushes =
        phase instanceof Phase.RollingBack(RollbackStep step, _)
            && step == RollbackStep.TRANSFER_FORBIDDEN;
    return pushes ? List.of(StepReply.NONE) : IN_VAIN;
  }

  private static void observed(
      Migration migration, StepReply reply, BiConsumer<Asked, Decision> claim) {
    List<HostView> none = List.of(HostView.NOT_LOOKED, Views.DEAD);
    boolean looks = Life.looksAtHosts(migration.phase());
    boolean looksAtDestination = looks || Life.looksAtDestination(migration.phase(), reply);
    for (Optional<PlanOutcome> plan : plans(migration.phase())) {
      boolean looksAtSource = looks || Life.looksAtSource(migration, plan);
      for (HostView source : looksAtSource ? sources() : none) {
        for (HostView destination : looksAtDestination ? destinations() : none) {
          for (Duration unchanged : UNCHANGED) {
            for (Instant now : looks ? LATE : TIMES) {
              Observation seen =
                  new Observation(source, destination, unchanged, plan, reply, false);
              claim.accept(new Asked(migration, seen, now), Life.next(migration, seen, now));
            }
          }
        }
      }
    }
  }

  private static List<Optional<PlanOutcome>> plans(Phase phase) {
    return phase instanceof Phase.Accepted
        ? List.of(Optional.empty(), Optional.of(new PlanOutcome.Refused(List.of(REASON))))
        : List.of(Optional.empty());
  }

  @Test
  void a_move_goes_the_way_that_its_transition_names() {
    everywhere((asked, decision) -> {
      if (decision instanceof Decision.Move move) {
        assertThat(move.transition().from()).isEqualTo(asked.migration.phase().name());
        assertThat(move.transition().to()).isEqualTo(move.next().phase().name());
        assertThat(move.why()).isNotBlank();
      }
    });
  }

  @Test
  void what_is_committed_never_goes_back() {
    everywhere((asked, decision) -> {
      if (asked.migration.phase().committed() && decision instanceof Decision.Move move) {
        assertThat(move.next().phase().committed()).isTrue();
      }
    });
  }

  @Test
  void what_goes_back_never_goes_forward_again_unless_it_finds_a_copy_that_it_knew_nothing_of() {
    everywhere((asked, decision) -> {
      if (asked.migration.phase() instanceof Phase.RollingBack(RollbackStep step, _)
          && decision instanceof Decision.Move move) {
        if (move.transition() == Transition.COPY_FOUND) {
          assertThat(step).isEqualTo(RollbackStep.TRANSFER_FORBIDDEN);
          assertThat(move.next().phase()).isInstanceOf(Phase.Transferring.class);
          assertThat(knowsOfNoCopy(asked.seen.source())).isFalse();
        } else {
          assertThat(move.next().phase())
              .isInstanceOfAny(Phase.RollingBack.class, Phase.Cancelled.class, Phase.Failed.class);
        }
      }
    });
  }

  private static boolean knowsOfNoCopy(HostView source) {
    return source instanceof HostView.Seen(_, _, TransferRecord transfer)
        && (transfer instanceof TransferRecord.NotStarted
            || transfer instanceof TransferRecord.Forbidden);
  }

  @Test
  void a_commit_and_a_way_back_raise_the_epoch_and_nothing_else_does() {
    everywhere((asked, decision) -> {
      if (decision instanceof Decision.Move move) {
        boolean turns =
            move.transition() == Transition.COMMIT
                || (move.next().phase() instanceof Phase.RollingBack
                    && !(asked.migration.phase() instanceof Phase.RollingBack));
        assertThat(move.next().epoch())
            .isEqualTo(turns ? asked.migration.epoch().next() : asked.migration.epoch());
      }
    });
  }

  @Test
  void orders_carry_the_epoch_of_their_decision_and_go_to_one_of_both_hosts() {
    everywhere((asked, decision) -> {
      Migration by = decision instanceof Decision.Move move ? move.next() : asked.migration;
      assertThat(decision.orders())
          .allSatisfy(order -> {
            assertThat(order.epoch()).isEqualTo(by.epoch());
            assertThat(order.migration()).isEqualTo(by.id());
            assertThat(order.instance()).isEqualTo(by.instance());
            assertThat(order.host()).isIn(hosts(by));
          });
    });
  }

  private static List<HostName> hosts(Migration migration) {
    return Stream.concat(
            Stream.of(migration.source()), migration.plan().map(TransferPlan::destination).stream())
        .toList();
  }

  @Test
  void nothing_is_asked_again_without_a_pause() {
    everywhere((asked, decision) -> {
      if (decision instanceof Decision.Stay stay) {
        assertThat(stay.lookAgain()).isPositive();
        assertThat(stay.why()).isNotBlank();
      }
    });
  }

  @Test
  void what_people_are_told_that_they_can_do_is_what_programs_are_told() {
    everywhere((asked, decision) -> {
      if (decision instanceof Decision.Stay stay) {
        assertThat(stay.why().contains("'virsh destroy ")).isEqualTo(offers(stay, WayOut::end));
        assertThat(stay.why().contains("godwit migration rule "))
            .isEqualTo(offers(stay, WayOut::home));
        assertThat(stay.why().contains("'virsh resume ")).isEqualTo(offers(stay, WayOut::resume));
        assertThat(stay.wayOut().because().isEmpty()).isEqualTo(stay.wayOut().equals(WayOut.NONE));
      }
    });
  }

  /** Nothing is done, and nobody but an operator ends it: how often it is looked at tells it. */
  @Test
  void what_holds_a_migration_is_told_to_programs() {
    everywhere((asked, decision) -> {
      if (decision instanceof Decision.Stay stay && stay.lookAgain().equals(HELD)) {
        assertThat(stay.wayOut().because()).isNotEmpty();
      }
    });
  }

  private static boolean offers(Decision.Stay stay, Function<WayOut, List<HostName>> way) {
    List<HostName> hosts = way.apply(stay.wayOut());
    assertThat(hosts).allSatisfy(host -> assertThat(stay.wayOut().words()).contains(host.value()));
    return !hosts.isEmpty();
  }

  @Test
  void a_step_that_is_not_confirmed_stays_and_is_ordered_again() {
    everywhere((asked, decision) -> {
      boolean confirmed = asked.seen.reply() instanceof StepReply.Done;
      boolean settles =
          asked.migration.phase() instanceof Phase.Settling
              && !Life.looksAtHosts(asked.migration.phase());
      boolean alive = !asked.seen.sourceDead() && !asked.seen.destinationDead();
      if (settles && alive && !confirmed && decision instanceof Decision.Stay stay) {
        assertThat(stay.orders().isEmpty())
            .isEqualTo(takesFromSource(asked.migration.phase()) && !has(asked.seen.destination()));
        assertThat(stay.orders())
            .extracting(Order::act)
            .noneMatch(act -> act instanceof Act.SuspendStray);
      }
      if (settles && alive && !confirmed && decision instanceof Decision.Move move) {
        assertThat(move.transition()).isIn(Transition.SOURCE_RAN, Transition.POST_COPY_BROKE);
      }
    });
  }

  private static boolean takesFromSource(Phase phase) {
    return phase instanceof Phase.Settling(SettleStep step)
        && (step == SettleStep.SOURCE_DEFINITION || step == SettleStep.SOURCE_FILES);
  }

  private static boolean has(HostView destination) {
    return destination instanceof HostView.Seen(_, GuestView guest, _)
        && !(guest instanceof GuestView.Inactive(boolean defined, _, _) && !defined);
  }

  @Test
  void nothing_of_the_source_goes_unless_the_destination_is_just_seen_to_have_the_guest() {
    everywhere((asked, decision) -> {
      boolean takes =
          decision.orders().stream()
              .map(Order::act)
              .anyMatch(act ->
                  act instanceof Act.ClearSourceDefinition || act instanceof Act.ClearSourceFiles);
      if (takes) {
        assertThat(has(asked.seen.destination())).isTrue();
      }
    });
  }

  @Test
  void a_refusal_that_no_machine_mends_is_shown_to_an_operator() {
    everywhere((asked, decision) -> {
      boolean lasting =
          asked.migration.phase() instanceof Phase.Settling
              || asked.migration.phase() instanceof Phase.RollingBack;
      if (lasting
          && asked.seen.reply().equals(new StepReply.Refused(REASON))
          && decision instanceof Decision.Stay stay) {
        assertThat(stay.alarm()).isTrue();
      }
    });
  }

  @Test
  void the_source_is_resumed_only_before_the_commit_and_destroyed_only_after_it() {
    everywhere((asked, decision) -> {
      Migration by = decision instanceof Decision.Move move ? move.next() : asked.migration;
      for (Order order : decision.orders()) {
        switch (order.act()) {
          case Act.FenceSource _,
              Act.ClearSourceDefinition(),
              Act.ClearSourceFiles _,
              Act.RunAtDestination _,
              Act.RecoverPostCopy _,
              Act.OwnDestinationFiles _ ->
              assertThat(by.phase().committed()).isTrue();
          case Act.ResumeSource(),
              Act.RestoreSource _,
              Act.ClearDestinationDomain(),
              Act.ClearDestinationFiles _,
              Act.StartTransfer _,
              Act.AbortTransfer() ->
              assertThat(by.phase().committed()).isFalse();
          case Act.SuspendStray() ->
              assertThat(order.host())
                  .isEqualTo(by.phase().committed() ? by.source() : by.destination());
          case Act.PrepareDirectories _,
              Act.PrepareDisks _,
              Act.DisarmAutostart(),
              Act.StartPostCopy(),
              Act.PauseToComplete() -> {}
        }
      }
    });
  }

  @Test
  void nothing_is_ordered_of_a_host_that_is_known_dead() {
    everywhere((asked, decision) ->
        assertThat(decision.orders())
            .allSatisfy(order -> {
              boolean source = order.host().equals(asked.migration.source());
              assertThat(source ? asked.seen.sourceDead() : asked.seen.destinationDead()).isFalse();
            }));
  }

  @Test
  void a_dead_host_holds_up_no_step_and_what_it_owes_is_listed() {
    everywhere((asked, decision) -> {
      boolean source =
          asked.migration.phase() instanceof Phase.Settling(SettleStep step)
              && step.atSource()
              && !Life.looksAtHosts(asked.migration.phase())
              && asked.seen.sourceDead();
      boolean destination =
          asked.migration.phase() instanceof Phase.RollingBack(RollbackStep step, _)
              && !step.atSource()
              && step != RollbackStep.DESTINATION_SUSPENDED
              && asked.seen.destinationDead();
      if ((source || destination) && !(asked.seen.reply() instanceof StepReply.Done)) {
        assertThat(decision)
            .isInstanceOfSatisfying(
                Decision.Move.class,
                move -> {
                  boolean looks = Life.looksAtHosts(move.next().phase());
                  assertThat(move.next().owed()).hasSize(looks ? 0 : 1);
                });
      }
    });
  }

  @Test
  void a_silent_host_is_never_reason_to_start_resume_clear_or_suspend() {
    everywhere((asked, decision) -> {
      boolean silent =
          asked.seen.source().equals(Views.UNKNOWN)
              || asked.seen.destination().equals(Views.UNKNOWN);
      if (silent && asked.migration.phase() instanceof Phase.Transferring) {
        assertThat(decision.orders())
            .allSatisfy(order ->
                assertThat(order.act())
                    .isInstanceOfAny(
                        Act.AbortTransfer.class,
                        Act.StartPostCopy.class,
                        Act.PauseToComplete.class,
                        Act.FenceSource.class));
      }
    });
  }
}
