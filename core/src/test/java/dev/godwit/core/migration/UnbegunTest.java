package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.sourceCopies;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
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
  void a_source_that_is_dead_or_silent_for_long_does_not_hold_it_up() {
    assertThat(ends(aborted(DEAD, StepReply.NONE, SINCE))).isEqualTo(CANCELLED);
    Decision.Stay asks = (Decision.Stay) aborted(UNKNOWN, StepReply.NONE, SINCE);
    assertThat(asks.orders()).isEmpty();
    Instant late = SINCE.plus(Unbegun.PATIENCE);
    assertThat(ends(aborted(UNKNOWN, StepReply.NONE, late))).isEqualTo(CANCELLED);
  }
}
