package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.LibvirtEvents.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who had a second copy run, by what libvirt told and the kernel saw. */
final class CopiesTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Event ARRIVED = event(100, "Resumed Migrated");
  private static final List<Event> NOTHING = List.of();

  private final Documented documented = in(Mode.PLAIN);

  private static Documented in(Mode mode) {
    return new Documented(new Scene(mode, true));
  }

  private static Instant at(long ms) {
    return T0.plusMillis(ms);
  }

  private static Event event(long ms, String what) {
    return new Event(at(ms), "instance-1", what);
  }

  private static Copies told(List<Event> source, List<Event> destination) {
    return new Copies(source, destination, Beats.NONE, Beats.NONE);
  }

  private static Copies seen(Beats source, Beats destination) {
    return new Copies(NOTHING, NOTHING, source, destination);
  }

  private static Beats beats(long first, long last) {
    return Beats.NONE.and(at(first)).and(at(last));
  }

  private static Duration together(List<Event> source, List<Event> destination) {
    return told(source, destination).together(at(60_000));
  }

  private static Case struck(Victim victim) {
    return new Case(Storage.COPIED, Way.SUCCESS, victim, Harm.KILL, new Moment.Resumed());
  }

  @Test
  void libvirt_that_resumes_the_source_beside_an_arrival_made_the_split() {
    Copies copies = told(List.of(event(110, "Resumed Migrated")), List.of(ARRIVED));
    assertThat(copies.splitByLibvirt()).isTrue();
    assertThat(copies.ranOn()).isTrue();
    assertThat(documented.split(struck(Victim.DESTINATION_LIBVIRTD), copies)).isTrue();
    assertThat(documented.gaveUpACopy(struck(Victim.DESTINATION_LIBVIRTD), copies)).isTrue();
  }

  @Test
  void a_source_that_was_resumed_by_order_beside_an_arrival_is_no_split_of_libvirts() {
    Copies copies = told(List.of(event(110, "Resumed Unpaused")), List.of(ARRIVED));
    assertThat(copies.splitByLibvirt()).isFalse();
    Copies both =
        told(
            List.of(event(110, "Resumed Migrated"), event(120, "Resumed Unpaused")),
            List.of(ARRIVED));
    assertThat(both.splitByLibvirt()).isFalse();
  }

  @Test
  void an_arrival_that_was_destroyed_by_order_before_the_source_was_resumed_is_no_excuse() {
    List<Event> ordered = List.of(event(200, "Resumed Unpaused"));
    assertThat(told(ordered, List.of(ARRIVED, event(150, "Stopped Destroyed"))).ranOn()).isFalse();
    assertThat(told(ordered, List.of(ARRIVED, event(150, "Stopped Failed"))).ranOn()).isTrue();
  }

  @Test
  void where_libvirt_told_of_no_second_copy_the_kernel_has_to_have_seen_it_run() {
    assertThat(told(NOTHING, List.of(ARRIVED)).ranOn()).isFalse();
    assertThat(told(NOTHING, NOTHING).ranOn()).isFalse();
    assertThat(seen(beats(0, 900), beats(500, 1000)).ranOn()).isTrue();
    // The looks at both copies in a hand-over that went well.
    assertThat(seen(beats(0, 550), beats(500, 1000)).ranOn()).isFalse();
  }

  @Test
  void what_libvirt_outlives_excuses_nothing_whatever_libvirt_did() {
    Copies copies = told(List.of(event(110, "Resumed Migrated")), List.of(ARRIVED));
    for (Victim victim : Victim.values()) {
      if (victim.outlived()) {
        assertThat(documented.split(struck(victim), copies)).isFalse();
        assertThat(documented.gaveUpACopy(struck(victim), copies)).isFalse();
      }
    }
  }

  @Test
  void by_libvirts_events_two_copies_run_until_one_of_them_is_suspended_or_stopped() {
    assertThat(together(NOTHING, List.of(ARRIVED))).isEqualTo(Duration.ofMillis(59_900));
    assertThat(together(List.of(event(3100, "Suspended Migrated")), List.of(ARRIVED)))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(
            together(
                List.of(event(90, "Suspended Migrated"), event(110, "Resumed Migrated")),
                List.of(ARRIVED, event(5110, "Stopped Destroyed"))))
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(
            together(
                List.of(event(90, "Stopped Failed"), event(9000, "Started Booted")),
                List.of(ARRIVED)))
        .isEqualTo(Duration.ofSeconds(51));
  }

  @Test
  void by_libvirts_events_a_hand_over_is_no_second_copy_though_one_is_told_late() {
    assertThat(together(List.of(event(90, "Suspended Migrated")), List.of(ARRIVED))).isZero();
    assertThat(together(List.of(event(700, "Suspended Migrated")), List.of(ARRIVED))).isZero();
    assertThat(together(NOTHING, List.of(event(50, "Started Migrated")))).isZero();
    assertThat(
            together(
                List.of(
                    event(90, "Suspended Post-copy"), event(5000, "Suspended Post-copy failed")),
                List.of(event(100, "Resumed Post-copy"), event(9000, "Resumed Migrated"))))
        .isZero();
  }

  @Test
  void libvirt_tells_all_only_where_both_its_daemons_live_and_are_let_run() {
    for (Victim victim : Victim.values()) {
      boolean harmed =
          switch (victim) {
            case SOURCE_LIBVIRTD, DESTINATION_LIBVIRTD, SOURCE_HOST, DESTINATION_HOST -> true;
            default -> false;
          };
      assertThat(documented.libvirtTells(struck(victim))).as(victim.word()).isEqualTo(!harmed);
    }
    for (Way way : Way.values()) {
      Case it = new Case(Storage.COPIED, way, Victim.SERVER, Harm.KILL, new Moment.Turned());
      assertThat(documented.libvirtTells(it)).isEqualTo(way != Way.SPLIT && !way.losesPower());
    }
  }

  @Test
  void a_watch_that_did_not_see_both_copies_of_an_untouched_move_in_turn_was_blind() {
    assertThat(seen(beats(0, 500), beats(550, 900)).blind()).isEmpty();
    assertThat(seen(Beats.NONE, beats(550, 900)).blind())
        .hasValue("the watch saw nothing of the source's copy before the destination's ran");
    assertThat(seen(beats(600, 900), beats(550, 900)).blind()).isPresent();
    assertThat(seen(beats(0, 500), Beats.NONE).blind())
        .hasValue("the watch saw nothing of the destination's copy");
  }

  @Test
  void a_copy_runs_after_a_moment_when_it_was_seen_to_since() {
    assertThat(beats(0, 500).after(at(499))).isTrue();
    assertThat(beats(0, 500).after(at(500))).isFalse();
    assertThat(Beats.NONE.after(at(0))).isFalse();
  }

  @Test
  void nothing_excuses_two_copies_where_a_strict_hand_over_or_the_lock_manager_forbids_them() {
    Copies copies = told(List.of(event(110, "Resumed Migrated")), List.of(ARRIVED));
    Case it = struck(Victim.DESTINATION_LIBVIRTD);
    for (Mode mode : List.of(Mode.LOCKD, Mode.STRICT, Mode.STRICT_AND_LOCKD)) {
      assertThat(in(mode).split(it, copies)).isFalse();
      assertThat(in(mode).gaveUpACopy(it, copies)).isFalse();
    }
  }
}
