package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as recovery: neither the time before the restart, nor what the copy needs anyway. */
final class UntouchedTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final Untouched untouched = new Untouched();

  private static Instant at(double seconds) {
    return T0.plusMillis(Math.round(seconds * 1000));
  }

  private static Journal.Entry entry(double seconds, String transition) {
    return new Journal.Entry(at(seconds), transition, Optional.empty(), "");
  }

  private static Case struck(Moment moment) {
    return new Case(Storage.COPIED, Way.SUCCESS, Victim.SERVER, Harm.KILL, moment);
  }

  private Duration recovery(
      Moment moment, double struck, double undone, double over, boolean same) {
    untouched.add(
        struck(moment).untouched(),
        new Untouched.Run(
            List.of(
                entry(0, "PLAN"), entry(1, "TRANSFER"), entry(5, "COMMIT"), entry(6, "COMPLETE")),
            Optional.empty()));
    return untouched.recovery(
        struck(moment), new Untouched.Blow(at(struck), at(undone), at(undone)), at(over), same);
  }

  @Test
  void it_counts_from_the_restart_when_the_move_would_have_been_over_by_then() {
    assertThat(recovery(new Moment.Entry("COMMIT"), 100, 110, 112, true))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void what_the_copy_still_needed_at_the_restart_does_not_count() {
    // At a quarter of the copy: three seconds of copy and one of settling are to come.
    assertThat(recovery(new Moment.Copying(1, 4), 100, 101, 107, true))
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void a_move_that_ends_another_way_has_no_copy_to_wait_for() {
    assertThat(recovery(new Moment.Copying(1, 4), 100, 101, 107, false))
        .isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void a_move_that_was_over_before_the_restart_needed_none() {
    assertThat(recovery(new Moment.Entry("COMMIT"), 100, 110, 101, true)).isEqualTo(Duration.ZERO);
  }
}
