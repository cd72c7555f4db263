package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When two copies are taken to run at once. */
final class OverlapTest {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Overlap overlap = new Overlap();

  private void looks(boolean... both) {
    for (boolean each : both) {
      overlap.looked(LOOK, each);
    }
  }

  @Test
  void a_hand_over_within_one_look_is_no_overlap() {
    looks(false, true, false, true, false);
    assertThat(overlap.total()).isZero();
  }

  @Test
  void time_from_the_second_look_on_that_sees_both_counts() {
    looks(false, true, true, true, false, true, true, false);
    assertThat(overlap.total()).isEqualTo(LOOK.multipliedBy(3));
  }
}
