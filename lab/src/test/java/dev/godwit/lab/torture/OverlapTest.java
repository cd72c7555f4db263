package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When two copies are taken to run at once. */
final class OverlapTest {
  private static final Duration LOOK = Duration.ofMillis(50);

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final Overlap overlap = new Overlap();

  private void looks(boolean... both) {
    for (int i = 0; i < both.length; i++) {
      overlap.looked(T0.plus(LOOK.multipliedBy(i)), T0.plus(LOOK.multipliedBy(i + 1)), both[i]);
    }
  }

  @Test
  void a_hand_over_within_one_look_is_no_overlap() {
    looks(false, true, false, true, false);
    assertThat(overlap.after(Instant.MIN)).isZero();
  }

  @Test
  void time_from_the_second_look_on_that_sees_both_counts() {
    looks(false, true, true, true, false, true, true, false);
    assertThat(overlap.after(Instant.MIN)).isEqualTo(LOOK.multipliedBy(3));
  }

  @Test
  void what_was_before_a_moment_is_left_out_of_what_was_after_it() {
    looks(true, true, true, false);
    assertThat(overlap.after(T0.plus(LOOK.multipliedBy(2)))).isEqualTo(LOOK);
    assertThat(overlap.after(T0.plus(LOOK.multipliedBy(2)).plusMillis(20)))
        .isEqualTo(LOOK.minusMillis(20));
    assertThat(overlap.after(T0.plus(LOOK.multipliedBy(3)))).isZero();
  }
}
