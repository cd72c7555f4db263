package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.time.SeededTimeline;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TruthTest {
  private static final UUID GUEST = new UUID(0, 1);

  private final Truth truth = new Truth(new Story(new SeededTimeline(new SplittableRandom(1))));

  private void runsAndIsDestroyed() {
    truth.runs("h1", GUEST, false, false);
    truth.ends("h1", GUEST, "SHUTOFF_DESTROYED", false);
  }

  @Test
  void a_guest_that_nobody_let_go_may_not_be_destroyed() {
    runsAndIsDestroyed();
    assertThat(truth.broken()).containsExactly("the only running copy was destroyed");
  }

  @Test
  void one_that_was_let_go_may() {
    var _ = truth.letGo(GUEST);
    runsAndIsDestroyed();
    assertThat(truth.broken()).isEmpty();
    assertThat(truth.mayBeOff(GUEST)).isTrue();
  }

  @Test
  void one_whose_end_was_refused_may_not() {
    truth.keep(truth.letGo(GUEST));
    runsAndIsDestroyed();
    assertThat(truth.broken()).isNotEmpty();
  }

  @Test
  void one_that_was_started_again_may_not() {
    truth.letGo(GUEST).accept();
    runsAndIsDestroyed();
    truth.starts(GUEST, truth.accepted(GUEST));
    runsAndIsDestroyed();
    assertThat(truth.broken()).isNotEmpty();
  }

  @Test
  void a_wish_without_an_answer_may_be_done_after_a_start() {
    var _ = truth.letGo(GUEST);
    truth.starts(GUEST, truth.accepted(GUEST));
    runsAndIsDestroyed();
    assertThat(truth.broken()).isEmpty();
  }

  @Test
  void one_whose_start_was_accepted_may_be_off_until_it_runs() {
    truth.letGo(GUEST).accept();
    runsAndIsDestroyed();
    truth.starts(GUEST, truth.accepted(GUEST));
    assertThat(truth.mayBeOff(GUEST)).isTrue();
    truth.runs("h1", GUEST, false, false);
    assertThat(truth.mayBeOff(GUEST)).isFalse();
  }
}
