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

  private void untouchedMove(Moment moment) {
    untouched.add(
        struck(moment).untouched(),
        new Untouched.Run(
            List.of(
                entry(0, "PLAN"), entry(1, "TRANSFER"), entry(5, "COMMIT"), entry(6, "COMPLETE")),
            Optional.empty()));
  }

  private Duration recovery(
      Moment moment, double struck, double undone, double over, boolean same) {
    untouchedMove(moment);
    return untouched.recovery(
        struck(moment),
        new Untouched.Blow(at(struck), at(undone), at(undone)),
        new Untouched.End(at(over), same, Optional.empty()));
  }

  /** Struck at 100 s, ready again at 110 s after a start of 9 s. */
  private Duration late(Moment moment, Untouched.End end) {
    untouchedMove(moment);
    return untouched.late(struck(moment), new Untouched.Blow(at(100), at(101), at(110)), end);
  }

  private static Untouched.End end(double over, double copyBegan) {
    return new Untouched.End(at(over), true, Optional.of(at(copyBegan)));
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

  @Test
  void a_start_makes_no_move_late_nor_does_a_copy_that_went_on_meanwhile() {
    Moment quarter = new Moment.Copying(1, 4);
    assertThat(late(quarter, end(112, 99))).isEqualTo(Duration.ofSeconds(2));
    assertThat(late(quarter, end(109, 99))).isZero();
  }

  @Test
  void a_copy_that_is_made_anew_after_the_start_needs_its_time_but_not_the_wait_for_it() {
    // Five seconds from its begin to the end of an untouched move; it was begun 7 s after the
    // start.
    assertThat(late(new Moment.Copying(1, 4), end(123, 117))).isEqualTo(Duration.ofSeconds(8));
    assertThat(late(new Moment.Copying(1, 4), end(123, 108))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void more_than_five_seconds_late_breaks_the_promise_of_a_killed_process_only() {
    assertThat(Promise.broken(Duration.ofSeconds(5))).isFalse();
    assertThat(Promise.broken(Duration.ofMillis(5001))).isTrue();
    Moment half = new Moment.Copying(2, 4);
    assertThat(Promise.of(struck(half))).isTrue();
    assertThat(Promise.of(new Case(Storage.COPIED, Way.SUCCESS, Victim.SERVER, Harm.FREEZE, half)))
        .isFalse();
    assertThat(
            Promise.of(
                new Case(Storage.COPIED, Way.SUCCESS, Victim.INCOMING_QEMU, Harm.FREEZE, half)))
        .isFalse();
    assertThat(
            Promise.of(new Case(Storage.COPIED, Way.SUCCESS, Victim.SOURCE_HOST, Harm.KILL, half)))
        .isFalse();
  }
}
