package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyRateTest {
  private static final long SECOND = 1_000_000_000L;

  private final CopyRate rate = new CopyRate();

  @Test
  void a_first_reading_tells_no_rate() {
    assertThat(rate.reading(7 * SECOND, 1000)).isZero();
  }

  @Test
  void it_is_that_of_the_last_seconds() {
    assertThat(rate.reading(0, 0)).isZero();
    assertThat(rate.reading(5 * SECOND, 1000)).isEqualTo(200);
    assertThat(rate.reading(20 * SECOND, 5000)).isEqualTo(250);
    // The first two readings are older than the window: 20 s to 40 s count.
    assertThat(rate.reading(40 * SECOND, 7000)).isEqualTo(100);
  }

  @Test
  void a_stall_is_seen_after_some_seconds() {
    assertThat(rate.reading(0, 0)).isZero();
    assertThat(rate.reading(2 * SECOND, 1000)).isEqualTo(500);
    assertThat(rate.reading(4 * SECOND, 1000)).isEqualTo(250);
    assertThat(rate.reading(34 * SECOND, 1000)).isZero();
  }

  @Test
  void another_copy_is_counted_anew() {
    assertThat(rate.reading(0, 500)).isZero();
    assertThat(rate.reading(SECOND, 100)).isZero();
    assertThat(rate.reading(2 * SECOND, 300)).isEqualTo(200);
  }
}
