package dev.godwit.server.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.server.StoredMigrations;
import dev.godwit.server.TestClock;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Sighting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SightingsTest {
  private static final HostName H1 = new HostName("h1");
  private static final HostName H2 = new HostName("h2");

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private static final Epoch FIRST = new Epoch(1);

  private MigrationId migration;
  private Database database;
  private History history;
  private Sightings sightings;

  @BeforeEach
  void open() {
    DatabaseAddress address = new DatabaseAddress.Sqlite(folder.resolve("godwit.db"));
    database = Database.open(address);
    migration = StoredMigrations.one(address, "server-1");
    history = new History(database);
    sightings = new Sightings(history, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void saw(HostName host, String why) {
    sightings.add(migration, host, new HostView.Unknown(why));
  }

  private static List<String> views(List<Sighting> seen) {
    return seen.stream().map(it -> it.host() + " " + it.view()).toList();
  }

  @Test
  void a_view_counts_when_it_is_another_than_the_hosts_last() {
    saw(H1, "asleep");
    saw(H2, "asleep");
    saw(H1, "asleep");
    saw(H1, "gone");
    saw(H1, "asleep");

    assertThat(views(sightings.unwritten(migration)))
        .containsExactly(
            "h1 unknown: asleep", "h2 unknown: asleep", "h1 unknown: gone", "h1 unknown: asleep");
  }

  @Test
  void what_nothing_was_decided_by_is_written_soon() {
    saw(H1, "asleep");
    assertThat(history.sightings(migration)).isEmpty();

    clock.forward(Duration.ofSeconds(1));
    sightings.keep(migration, FIRST);

    assertThat(views(history.sightings(migration))).containsExactly("h1 unknown: asleep");
    assertThat(sightings.unwritten(migration)).isEmpty();
  }

  @Test
  void what_was_written_with_a_decision_is_not_written_again() {
    saw(H1, "asleep");
    List<Sighting> seen = sightings.unwritten(migration);
    saw(H1, "gone");

    sightings.written(migration, seen);

    assertThat(views(sightings.unwritten(migration))).containsExactly("h1 unknown: gone");
  }
}
