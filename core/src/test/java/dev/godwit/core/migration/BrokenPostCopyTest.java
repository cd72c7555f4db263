package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.NOW;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.Views;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A post-copy that broke: recovered while both sides are there, else told to be lost. */
class BrokenPostCopyTest {
  private static Migration brokenPostCopy() {
    return in(new Phase.Settling(SettleStep.POST_COPY_RECOVERED), Plans.postCopy(), Wishes.NONE);
  }

  private static Decision.Stay broken(HostView destination, Duration unchangedFor, Instant now) {
    return (Decision.Stay)
        Life.next(brokenPostCopy(), views(brokenSource(), destination, unchangedFor), now);
  }

  private static HostView brokenSource() {
    return Views.source(RunState.PAUSED, StateReason.POST_COPY_FAILED, JobView.OUTGOING);
  }

  @Test
  void a_broken_post_copy_is_recovered_eagerly_for_ten_minutes_and_seldom_for_ever() {
    HostView runs = Views.runsInPostCopy(StateReason.POST_COPY_FAILED);

    Decision.Stay early = broken(runs, Duration.ZERO, SINCE.plusSeconds(600));
    Decision.Stay late = broken(runs, Duration.ZERO, SINCE.plusSeconds(601));

    assertThat(List.of(early, late))
        .allSatisfy(stay -> {
          assertThat(stay.alarm()).isTrue();
          assertThat(stay.orders())
              .extracting(Order::act)
              .containsExactly(new Act.RecoverPostCopy(brokenPostCopy().planned()));
        });
    assertThat(early.lookAgain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(early.why()).contains("is recovered when the hosts hear each other again");
    assertThat(late.lookAgain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(late.why())
        .contains("not recovered within 10 minutes", "each 30 s", "mend the link between");
  }

  @Test
  void a_broken_post_copy_is_tried_while_the_destination_is_silent_and_the_way_out_is_told() {
    Decision.Stay silent = broken(Views.UNKNOWN, Duration.ofHours(1), SINCE.plusSeconds(60));

    assertThat(silent.orders()).hasSize(1);
    assertThat(silent.why())
        .contains("godwit host fence " + brokenPostCopy().destination())
        .doesNotContain("lost");
  }

  @Test
  void a_recovery_that_libvirt_does_not_answer_may_be_ended_at_the_destination_and_no_other() {
    HostView runs = Views.runsInPostCopy(StateReason.POST_COPY_FAILED);
    Decision.Stay hangs = refused(runs, Refusals.RECOVERY_HANGS);

    assertThat(hangs.orders()).hasSize(1);
    assertThat(hangs.wayOut())
        .isEqualTo(
            WayOut.endCopy(brokenPostCopy(), brokenPostCopy().destination())
                .on(Hold.POST_COPY_HANGS));
    assertThat(hangs.why())
        .endsWith(hangs.wayOut().words())
        .contains("may hang on memory that it lacks")
        .doesNotContain("mend the link");
    assertThat(refused(runs, "post-copy-recovery").wayOut()).isEqualTo(WayOut.NONE);
  }

  @Test
  void nobody_is_told_to_end_a_destination_that_is_silent_or_has_all_memory() {
    for (HostView destination : List.of(Views.UNKNOWN, Views.arrived())) {
      Decision.Stay hangs = refused(destination, Refusals.RECOVERY_HANGS);

      assertThat(hangs.orders()).hasSize(1);
      assertThat(hangs.wayOut()).isEqualTo(WayOut.NONE);
      assertThat(hangs.why()).doesNotContain("may hang");
    }
  }

  private static Decision.Stay refused(HostView destination, String code) {
    return (Decision.Stay)
        Life.next(
            brokenPostCopy(),
            new Observation(
                brokenSource(),
                destination,
                Duration.ZERO,
                Optional.empty(),
                new StepReply.Refused(new Refusal(code, "source", "an answer", "none", "Wait.")),
                false),
            NOW);
  }

  @Test
  void a_guest_that_is_gone_at_the_destination_of_a_broken_post_copy_is_said_to_be_lost() {
    Duration twice = Duration.ofMillis(50);
    assertThat(broken(Views.definitionLeft(), Duration.ZERO, NOW).why()).contains("looking twice");
    for (HostView gone : List.of(Views.absent(), Views.definitionLeft(), DEAD)) {
      Decision.Stay lost = broken(gone, twice, NOW);

      assertThat(lost.why())
          .contains("lost in post-copy", "virsh destroy " + brokenPostCopy().instance());
      assertThat(lost.wayOut().end()).containsExactly(brokenPostCopy().source());
      assertThat(lost.alarm()).isTrue();
      assertThat(lost.orders()).isEmpty();
    }
  }

  @Test
  void a_guest_that_was_shut_down_in_a_post_copy_is_not_called_lost() {
    Decision.Stay ended = broken(Views.ranAndEnded(), Duration.ofMillis(50), NOW);

    assertThat(ended.why())
        .contains("shut down", "virsh destroy " + brokenPostCopy().instance())
        .doesNotContain("lost");
    assertThat(ended.alarm()).isTrue();
    assertThat(ended.orders()).isEmpty();
  }

  @Test
  void a_post_copy_that_goes_on_or_has_no_source_any_more_is_the_fences_again() {
    HostView runs = Views.runsInPostCopy(StateReason.POST_COPY);
    List<HostView> sources =
        List.of(
            Views.source(RunState.PAUSED, StateReason.POST_COPY, JobView.OUTGOING),
            sourceGone(End.MIGRATED),
            DEAD);

    for (HostView source : sources) {
      Decision.Move onward =
          (Decision.Move) Life.next(brokenPostCopy(), views(source, runs, Duration.ZERO), NOW);

      assertThat(onward.transition()).isEqualTo(Transition.SETTLE_NEXT);
      assertThat(onward.next().phase()).isEqualTo(new Phase.Settling(SettleStep.SOURCE_FENCED));
    }
  }

  @Test
  void a_destination_that_was_taken_for_dead_and_runs_in_post_copy_is_not_called_lost() {
    Migration taken =
        in(new Phase.Settling(SettleStep.SOURCE_SUSPENDED), Plans.postCopy(), Wishes.NONE);

    Decision.Move onward =
        (Decision.Move)
            Life.next(
                taken,
                views(
                    Views.source(RunState.PAUSED, StateReason.POST_COPY, JobView.OUTGOING),
                    Views.runsInPostCopy(StateReason.POST_COPY),
                    Duration.ZERO),
                NOW);

    assertThat(onward.next().phase()).isEqualTo(new Phase.Settling(SettleStep.SOURCE_FENCED));
  }
}
