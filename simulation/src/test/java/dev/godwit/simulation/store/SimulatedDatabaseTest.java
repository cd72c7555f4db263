package dev.godwit.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Servers;
import dev.godwit.simulation.store.SimulatedDatabase.Weather;
import dev.godwit.simulation.time.SeededTimeline;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What befalls those who use a database, as it befalls them on PostgreSQL. */
class SimulatedDatabaseTest {
  private static final Weather UNLEARNED = new Weather(false, 0, 1000, 0);
  private static final int SEEDS = 30;

  private final List<Throwable> failures = new ArrayList<>();

  /** A database and two servers that use it. */
  private final class Place implements AutoCloseable {
    private final SeededTimeline timeline;
    private final SimulatedDatabase database;
    private final List<String> story = new ArrayList<>();

    Place(long seed) {
      timeline = new SeededTimeline(new SplittableRandom(seed));
      database = new SimulatedDatabase(timeline, new SplittableRandom(seed), story::add);
    }

    /** As that server, to the end of it and of all that it leaves. */
    void as(String server, Consumer<Servers> work) {
      SimulatedProcess process = new SimulatedProcess(server, timeline, Instant.EPOCH);
      process.run(
          "test",
          () -> {
            try {
              work.accept(new Servers(database.of(process)));
            } catch (RuntimeException | AssertionError e) {
              failures.add(e);
            }
          });
      while (timeline.step()) {
        assertThat(timeline.steps()).isLessThan(1_000_000);
      }
      assertThat(failures).isEmpty();
    }

    void joinsUnlearned(Servers servers) {
      database.weather(UNLEARNED);
      assertThatThrownBy(() -> servers.join("lost", "s1"))
          .isInstanceOf(DatabaseTrouble.Unlearned.class);
      database.weather(Weather.FAIR);
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static List<String> listed(Servers servers) {
    return servers.all().stream().map(Servers.Beat::incarnation).toList();
  }

  @Test
  void a_commit_that_was_given_up_may_be_made_after_it_was_looked_for() {
    int late = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (Place place = new Place(seed)) {
        List<String> soon = new ArrayList<>();
        place.as(
            "s1",
            servers -> {
              place.joinsUnlearned(servers);
              soon.addAll(listed(servers));
            });
        List<String> later = new ArrayList<>();
        place.as("s1", servers -> later.addAll(listed(servers)));
        assertThat(later).containsAll(soon);
        late += later.size() - soon.size();
      }
    }
    assertThat(late).isBetween(1, SEEDS - 1);
  }

  @Test
  void who_changes_the_same_table_waits_for_it_and_finds_it_made() {
    int waited = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (Place place = new Place(seed)) {
        place.as(
            "s1",
            servers -> {
              place.joinsUnlearned(servers);
              List<String> before = listed(servers);
              servers.join("other", "s2");
              List<String> after = listed(servers);
              assertThat(after).containsAll(before).contains("other");
              if (!before.contains("lost") && after.contains("lost")) {
                assertThat(place.story).containsExactly("a commit that was given up is made");
                place.story.clear();
                place.story.add("waited");
              }
            });
        waited += place.story.equals(List.of("waited")) ? 1 : 0;
      }
    }
    assertThat(waited).isPositive();
  }

  @Test
  void what_would_not_do_the_same_any_more_is_not_made() {
    MemoryDatabase memory = MemoryDatabase.take();
    Change made =
        new Change(
            "INSERT INTO servers (incarnation, name, beat) VALUES (?, ?, 1)",
            "servers",
            List.of("one", "s1"),
            1);
    Change beat =
        new Change("UPDATE servers SET beat = 2 WHERE name = ?", "servers", List.of("s1"), 1);

    assertThat(memory.makes(List.of(made, beat))).isTrue();
    assertThat(memory.makes(List.of(beat, made))).as("it is there already").isFalse();
    assertThat(memory.makes(List.of(beat))).isTrue();
    memory.giveBack();

    assertThat(memory.makes(List.of(beat))).as("nobody has that name").isFalse();
  }

  @Test
  void one_server_alone_may_be_cut_off() {
    try (Place place = new Place(1)) {
      place.database.weather("s1", new Weather(true, 0, 0, 0));
      place.as(
          "s1",
          servers -> {
            assertThatThrownBy(servers::all).isInstanceOf(DatabaseTrouble.class);
            assertThatThrownBy(() -> servers.holdName("s1")).isInstanceOf(DatabaseTrouble.class);
          });
      place.as("s2", servers -> assertThat(servers.all()).isEmpty());
      place.database.weather("s1", Weather.FAIR);
      place.as("s1", servers -> assertThat(servers.all()).isEmpty());
    }
  }

  @Test
  void a_slow_one_may_take_longer_than_a_lease_lasts() {
    try (Place place = new Place(1)) {
      place.database.weather(new Weather(false, 0, 0, 1000));
      long before = place.timeline.nanos();
      place.as("s1", Servers::all);
      assertThat(Duration.ofNanos(place.timeline.nanos() - before))
          .isGreaterThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void who_met_others_tries_again_and_is_told_nothing() {
    try (Place place = new Place(1)) {
      place.as(
          "s1",
          servers -> {
            servers.join("one", "s1");
            for (int beat = 2; beat <= 2_000; beat++) {
              assertThat(servers.beat("one").getFirst().beat()).isEqualTo(beat);
            }
          });
    }
  }
}
