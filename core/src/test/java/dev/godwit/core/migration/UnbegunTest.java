package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.source;
import static dev.godwit.core.migration.transfer.Views.sourceCopies;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceGoneDefined;
import static dev.godwit.core.migration.transfer.Views.sourcePaused;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static dev.godwit.core.migration.transfer.Views.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing is planned, by the record; and its source may know better. */
class UnbegunTest {
  private static final HostView NEVER = sourceRuns(new TransferRecord.NotStarted());
  private static final StepReply DONE = new StepReply.Done();
  private static final Optional<PlanOutcome> REFUSED =
      Optional.of(new PlanOutcome.Refused(List.of(REASON)));
  private static final Phase CANCELLED = new Phase.Cancelled(Ending.aborted());
  private static final Phase FAILED = new Phase.Failed(Ending.refused(List.of(REASON)));

  private static Decision aborted(HostView source, StepReply reply, Instant now) {
    Migration migration = in(new Phase.Accepted()).with(new Wishes(true, false));
    return Life.next(migration, seen(source, Optional.empty(), reply), now);
  }

  private static Decision refused(HostView source, StepReply reply) {
    return Life.next(in(new Phase.Accepted()), seen(source, REFUSED, reply), SINCE);
  }

  private static Observation seen(HostView source, Optional<PlanOutcome> plan, StepReply reply) {
    return new Observation(source, HostView.NOT_LOOKED, Duration.ZERO, plan, reply, false);
  }

  private static Phase ends(Decision decision) {
    return ((Decision.Move) decision).next().phase();
  }

  @Test
  void its_source_is_looked_at_before_it_ends_and_not_before_it_is_planned() {
    Migration migration = in(new Phase.Accepted());

    assertThat(Life.looksAtSource(migration, REFUSED)).isTrue();
    assertThat(Life.looksAtSource(migration.with(new Wishes(true, false)), Optional.empty()))
        .isTrue();
    assertThat(Life.looksAtSource(migration, Optional.empty())).isFalse();
    assertThat(Life.looksAtSource(migration, Optional.of(new PlanOutcome.Chosen(Plans.copied()))))
        .isFalse();
  }

  @Test
  void one_whose_source_knows_of_no_copy_ends_and_nothing_is_ordered() {
    HostView forbidden = sourceRuns(new TransferRecord.Forbidden("aborted before it began"));

    for (HostView source : List.of(NEVER, forbidden, sourceRuns())) {
      for (Decision end :
          List.of(aborted(source, StepReply.NONE, SINCE), refused(source, StepReply.NONE))) {
        assertThat(end.orders()).isEmpty();
      }
      assertThat(ends(aborted(source, StepReply.NONE, SINCE))).isEqualTo(CANCELLED);
      assertThat(ends(refused(source, StepReply.NONE))).isEqualTo(FAILED);
    }
  }

  @Test
  void a_copy_that_the_source_tells_of_is_ended_and_shown() {
    List<HostView> copies = List.of(sourceCopies(), sourceRuns(new TransferRecord.Interrupted(1)));

    for (HostView source : copies) {
      for (Decision decision :
          List.of(aborted(source, StepReply.NONE, SINCE), refused(source, StepReply.NONE))) {
        Decision.Stay stay = (Decision.Stay) decision;
        assertThat(stay.alarm()).isTrue();
        assertThat(stay.why()).contains("the record has lost");
        assertThat(stay.orders()).extracting(Order::act).containsExactly(new Act.AbortTransfer());
      }
      assertThat(((Decision.Stay) aborted(source, DONE, SINCE)).orders())
          .as("taken: time has to pass")
          .isEmpty();
    }
  }

  @Test
  void of_a_guest_that_has_left_it_is_told_how_to_take_it_over_where_it_runs() {
    HostView gone = sourceGone(End.MIGRATED);

    for (Decision decision : List.of(aborted(gone, DONE, SINCE), refused(gone, DONE))) {
      Decision.Move move = (Decision.Move) decision;
      assertThat(move.transition()).isEqualTo(Transition.REFUSE);
      assertThat(move.why()).contains("left-unrecorded", "godwit vm adopt");
      assertThat(move.next().phase()).isInstanceOf(Phase.Failed.class);
    }
  }

  @Test
  void a_source_that_was_left_paused_by_the_move_is_held_until_somebody_says_where_the_guest_is() {
    List<HostView> paused =
        List.of(
            sourcePaused(StateReason.MIGRATION),
            sourcePaused(StateReason.API_ERROR),
            sourcePaused(StateReason.IO_ERROR));

    for (HostView source : paused) {
      for (Decision decision :
          List.of(aborted(source, DONE, SINCE), refused(source, StepReply.NONE))) {
        Decision.Stay held = (Decision.Stay) decision;
        assertThat(held.orders()).isEmpty();
        assertThat(held.why())
            .contains("paused", "'virsh resume ", "'virsh destroy ", "godwit vm adopt --host HOST");
        assertThat(held.wayOut().because()).isEqualTo("UNRECORDED_PAUSE");
      }
    }
    assertThat(ends(aborted(sourceGoneDefined(End.SHUT_DOWN), DONE, SINCE))).isEqualTo(CANCELLED);
  }

  @Test
  void a_pause_of_the_owners_holds_nothing_up_unless_the_move_may_have_made_it() {
    HostView paused = sourcePaused(StateReason.USER);
    Migration forced = in(new Phase.Accepted()).with(new Wishes(true, true));

    assertThat(ends(aborted(paused, DONE, SINCE))).isEqualTo(CANCELLED);
    assertThat(ends(refused(paused, DONE))).isEqualTo(FAILED);
    assertThat(Life.next(forced, seen(paused, Optional.empty(), DONE), SINCE))
        .isInstanceOf(Decision.Stay.class);
  }

  @Test
  void of_a_guest_that_is_off_and_may_have_left_it_is_told_how_to_find_out_and_both_ways_on() {
    for (End end : List.of(End.UNKNOWN, End.CRASHED)) {
      HostView off = sourceGoneDefined(end);
      for (Decision decision : List.of(aborted(off, DONE, SINCE), refused(off, DONE))) {
        Decision.Move move = (Decision.Move) decision;
        assertThat(move.transition()).isEqualTo(Transition.REFUSE);
        assertThat(move.why())
            .contains("may-have-left", "godwit explain", "godwit vm adopt", "godwit vm start");
      }
    }
  }

  @Test
  void a_post_copy_is_awaited_and_one_that_broke_is_held_for_nobody_can_end_it_here() {
    for (TransferRecord transfer :
        List.of(new TransferRecord.Started(), new TransferRecord.Ended("broken"))) {
      Decision.Stay goesOn = (Decision.Stay) aborted(postCopy(false, transfer), DONE, SINCE);
      assertThat(goesOn.alarm()).isTrue();
      assertThat(goesOn.orders()).isEmpty();
      assertThat(goesOn.why()).contains("cannot be ended");

      Decision.Stay broken = (Decision.Stay) refused(postCopy(true, transfer), StepReply.NONE);
      assertThat(broken.orders()).isEmpty();
      assertThat(broken.why()).contains("'virsh destroy ", "postcopy-resume", "godwit vm adopt");
      assertThat(broken.wayOut().because()).isEqualTo("UNRECORDED_POST_COPY");
    }
  }

  private static HostView postCopy(boolean broke, TransferRecord transfer) {
    StateReason reason = broke ? StateReason.POST_COPY_FAILED : StateReason.POST_COPY;
    return with(source(RunState.PAUSED, reason, JobView.OUTGOING), transfer);
  }

  @Test
  void a_source_that_is_dead_or_silent_for_long_does_not_hold_it_up() {
    assertThat(ends(aborted(DEAD, StepReply.NONE, SINCE))).isEqualTo(CANCELLED);
    Decision.Stay asks = (Decision.Stay) aborted(UNKNOWN, StepReply.NONE, SINCE);
    assertThat(asks.orders()).isEmpty();
    Instant late = SINCE.plus(Unbegun.PATIENCE);
    assertThat(ends(aborted(UNKNOWN, StepReply.NONE, late))).isEqualTo(CANCELLED);
  }
}
