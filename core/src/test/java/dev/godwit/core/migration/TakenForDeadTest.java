package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.moves;
import static dev.godwit.core.migration.Moves.stays;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.HostView.NOT_LOOKED;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.definitionLeft;
import static dev.godwit.core.migration.transfer.Views.pausedAfterRunning;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A host that was taken for dead is back, perhaps with a guest that nobody reckoned with. */
class TakenForDeadTest {
  private static final Duration TWICE = Duration.ofMillis(50);
  private static final Ending FAILED = Ending.failed(REASON);
  private static final Phase STRAY_DESTINATION =
      new Phase.RollingBack(RollbackStep.DESTINATION_SUSPENDED, FAILED);
  private static final Phase RESTORING =
      new Phase.RollingBack(RollbackStep.SOURCE_RESTORED, FAILED);
  private static final StepReply GONE =
      new StepReply.Refused(
          new Refusal(Refusals.SOURCE_GONE, "source", "the guest", "nothing", "Look."));

  @Test
  void a_destination_that_runs_a_guest_which_lives_on_a_third_host_by_now_is_suspended_and_goes() {
    Migration back = in(STRAY_DESTINATION);
    HostView gone = sourceGone(End.UNKNOWN);

    Decision.Stay runs = stays(back, views(gone, arrived(), TWICE).movedOn(true));
    assertThat(runs.orders()).extracting(Order::act).containsExactly(new Act.SuspendStray());
    assertThat(moves(back, views(gone, pausedAfterRunning(), TWICE).movedOn(true)).next().phase())
        .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, FAILED));
    assertThat(stays(back, views(gone, arrived(), TWICE)).why())
        .as("of one that has not moved on")
        .contains("is kept as it is");
  }

  @Test
  void of_a_guest_that_moved_on_nothing_is_resumed_at_the_source() {
    Migration owing =
        in(new Phase.Failed(FAILED), Plans.copied(), new Wishes(false, true))
            .owing(new Owed(Plans.copied().destination(), "DESTINATION_DOMAIN"));
    Observation back = views(sourcePaused(StateReason.USER), absent(), TWICE);

    assertThat(moves(owing, back).orders())
        .extracting(Order::act)
        .as("the move may have paused it")
        .contains(new Act.ResumeSource());
    assertThat(moves(owing, back.movedOn(true)).orders())
        .extracting(Order::act)
        .containsExactly(new Act.AbortTransfer(), new Act.ClearDestinationDomain());
  }

  @Test
  void a_guest_on_a_source_that_was_ruled_home_and_is_needed_no_more_holds_nothing_up() {
    Wishes ruled = Moves.ruledFor("host-a");
    Migration owing =
        in(new Phase.Failed(FAILED), Plans.copied(), ruled)
            .owing(new Owed(in(RESTORING).source(), "DESTINATION_DOMAIN"));
    Observation back = views(sourceGone(End.UNKNOWN), absent(), TWICE);

    assertThat(stays(owing, back).why()).contains("virsh define");
    assertThat(moves(owing, back.movedOn(true)).transition())
        .isEqualTo(Transition.FAILED_HOST_RETURNED);
  }

  @Test
  void a_source_that_was_dead_when_the_move_was_committed_owes_its_fence_from_then_on() {
    Migration copying = in(new Phase.Transferring(), Plans.shared(), Moves.ruledFor("host-b"));
    Decision.Move commit = moves(copying, views(DEAD, ranAndEnded(), TWICE));

    assertThat(commit.transition()).isEqualTo(Transition.COMMIT);
    assertThat(commit.next().owed()).containsExactly(new Owed(copying.source(), "SOURCE_FENCED"));
    // It is back before anything else was done: all of it comes in its order, later.
    assertThat(moves(commit.next(), views(NOT_LOOKED, NOT_LOOKED, Duration.ZERO)).orders())
        .extracting(Order::host)
        .doesNotContain(copying.source());
  }

  @Test
  void a_guest_on_a_source_that_is_back_is_looked_at_before_it_is_fenced() {
    Migration over = in(new Phase.Completed());
    Migration owing = over.owing(new Owed(over.source(), "SOURCE_FENCED"));
    HostView paused = sourcePaused(StateReason.MIGRATION);

    Decision.Move looks = moves(owing, views(paused, definitionLeft(), TWICE));
    assertThat(looks.orders()).isEmpty();
    assertThat(looks.next().phase()).isEqualTo(new Phase.Settling(SettleStep.SOURCE_SUSPENDED));
    assertThat(stays(looks.next(), views(paused, definitionLeft(), TWICE)).why())
        .contains("is kept as it is");
  }

  @Test
  void a_source_that_moved_the_guest_while_it_was_taken_for_dead_makes_both_be_looked_at() {
    assertThat(Life.looksAtDestination(RESTORING, GONE)).isTrue();
    Decision.Move looks = moves(in(RESTORING), views(NOT_LOOKED, arrived(), Duration.ZERO, GONE));
    assertThat(looks.transition()).isEqualTo(Transition.DESTINATION_RAN);
    assertThat(stays(looks.next(), views(sourceGone(End.UNKNOWN), arrived(), TWICE)).why())
        .contains("is kept as it is");
  }

  @Test
  void a_home_without_the_guests_definition_is_not_restored_unless_the_guest_has_moved_on() {
    Observation nowhere = views(NOT_LOOKED, absent(), Duration.ZERO, GONE);

    Decision.Stay gone = stays(in(RESTORING), nowhere);
    assertThat(gone.alarm()).isTrue();
    assertThat(gone.why()).contains("virsh define");
    assertThat(gone.orders()).hasSize(1);
    // Its agent closes what it has noted all the same.
    Decision.Stay needless = stays(in(RESTORING), nowhere.movedOn(true));
    assertThat(needless.orders())
        .extracting(Order::act)
        .containsExactly(new Act.RestoreSource(false, false, false));
  }
}
