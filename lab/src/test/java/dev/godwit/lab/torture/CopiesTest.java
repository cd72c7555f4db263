package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.LibvirtEvents.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    return new Copies(source, destination, Optional.empty(), Optional.empty());
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
    assertThat(new Copies(NOTHING, NOTHING, Optional.of(at(900)), Optional.of(at(500))).ranOn())
        .isTrue();
    // The looks at both copies in a hand-over that went well.
    assertThat(new Copies(NOTHING, NOTHING, Optional.of(at(550)), Optional.of(at(500))).ranOn())
        .isFalse();
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
  void nothing_excuses_two_copies_where_a_strict_hand_over_or_the_lock_manager_forbids_them() {
    Copies copies = told(List.of(event(110, "Resumed Migrated")), List.of(ARRIVED));
    Case it = struck(Victim.DESTINATION_LIBVIRTD);
    for (Mode mode : List.of(Mode.LOCKD, Mode.STRICT, Mode.STRICT_AND_LOCKD)) {
      assertThat(in(mode).split(it, copies)).isFalse();
      assertThat(in(mode).gaveUpACopy(it, copies)).isFalse();
    }
  }
}
