package dev.godwit.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.Epoch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FencingTest {
  private static Order order(long epoch, Act act) {
    Migration migration = Moves.in(new Phase.Planned());
    return Orders.atDestination(migration.with(new Epoch(epoch)), act);
  }

  @Test
  void an_order_older_than_one_that_was_seen_is_refused() {
    Order old = order(4, new Act.ClearDestinationDomain());
    assertThat(Fencing.answer(5, Fencing.OPEN, old))
        .hasValueSatisfying(answer -> assertThat(answer).isInstanceOf(StepReply.Refused.class));
  }

  @Test
  void no_order_comes_late_before_the_last_one_was_carried_out() {
    Order first = order(Fencing.OPEN, new Act.PrepareDisks(List.of()));
    assertThat(Fencing.answer(Fencing.OPEN, Fencing.OPEN, first)).isEqualTo(Optional.empty());
  }

  @Test
  void what_comes_late_in_the_epoch_of_the_last_order_is_done_without_an_act() {
    Order late = order(5, new Act.ClearDestinationDomain());
    assertThat(Fencing.answer(5, 5, late)).contains(new StepReply.Done());
  }

  @Test
  void a_later_epoch_goes_on_where_the_last_order_ended_whoever_looked_meanwhile() {
    Order ruledBack = order(7, new Act.ClearDestinationDomain());
    assertThat(Fencing.answer(7, 5, ruledBack)).isEqualTo(Optional.empty());
  }

  @Test
  void nothing_begins_after_the_end_in_no_epoch() {
    for (Act begin : List.of(new Act.DisarmAutostart(), new Act.PrepareDisks(List.of()))) {
      assertThat(Fencing.answer(9, 5, order(9, begin)))
          .hasValueSatisfying(answer -> assertThat(answer).isInstanceOf(StepReply.Refused.class));
    }
  }
}
