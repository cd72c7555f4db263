package dev.godwit.server.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.server.store.Servers.Beat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose lease has ended, by one's own clock. */
final class BeatsTest {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration GAP = Duration.ofMillis(1_500);

  private final Beats beats = new Beats(LEASE, GAP);
  private long nowMs = 77_000;

  private List<String> after(long ms, Beat... seen) {
    nowMs += ms;
    return beats.look(List.of(seen), Duration.ofMillis(nowMs).toNanos()).stream()
        .map(Beat::name)
        .toList();
  }

  private static Beat beat(String name, long number) {
    return new Beat("incarnation of " + name, name, number);
  }

  @Test
  void a_lease_ends_when_it_was_seen_unrenewed_for_its_length_and_not_before() {
    assertThat(after(0, beat("a", 7), beat("b", 1))).isEmpty();
    assertThat(after(1_000, beat("a", 7), beat("b", 2))).isEmpty();
    assertThat(after(1_000, beat("a", 7), beat("b", 3))).isEmpty();
    assertThat(after(999, beat("a", 7), beat("b", 4))).isEmpty();
    assertThat(after(1, beat("a", 7), beat("b", 4))).containsExactly("a");
  }

  @Test
  void one_renewal_is_enough_to_begin_anew() {
    after(0, beat("a", 7));
    after(1_400, beat("a", 7));
    after(1_400, beat("a", 8));
    assertThat(after(1_400, beat("a", 8))).isEmpty();
    assertThat(after(1_400, beat("a", 8))).isEmpty();
    assertThat(after(1_400, beat("a", 8))).containsExactly("a");
  }

  @Test
  void who_did_not_look_for_a_while_has_seen_nothing() {
    after(0, beat("a", 7));
    // This process stood still, or the database was away: nobody could renew, or be seen to.
    assertThat(after(60_000, beat("a", 7))).isEmpty();
    after(1_000, beat("a", 7));
    after(1_000, beat("a", 7));
    assertThat(after(1_000, beat("a", 7))).containsExactly("a");
  }

  @Test
  void one_that_was_away_and_is_listed_again_begins_anew() {
    after(0, beat("a", 7));
    after(1_400);
    assertThat(after(1_400, beat("a", 7))).isEmpty();
    assertThat(after(1_400, beat("a", 7))).isEmpty();
  }
}
