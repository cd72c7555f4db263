package dev.godwit.server.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.server.Await;
import dev.godwit.server.StoredMigrations;
import dev.godwit.server.TestClock;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private Database database;
  private History history;
  private Samples samples;

  private DatabaseAddress address;

  @BeforeEach
  void open() {
    address = new DatabaseAddress.Sqlite(folder.resolve("godwit.db"));
    database = Database.open(address);
    history = new History(database);
    samples =
        new Samples(new Migrations(database, UUID::randomUUID), history, () -> "server-1", clock);
  }

  @AfterEach
  void close() {
    samples.close();
    database.close();
  }

  /** A server that is started again remembers what was written. */
  private void restart() {
    samples.close();
    samples =
        new Samples(new Migrations(database, UUID::randomUUID), history, () -> "server-1", clock);
  }

  private MigrationSample add(MigrationId migration, long elapsedMs) {
    MigrationSample sample =
        new MigrationSample(
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            false,
            elapsedMs,
            new MigrationSample.Memory(1, 2, 3, 4, 5, 4096, 6),
            new MigrationSample.Disks(0, 0, 0, Map.of()),
            300,
            OptionalLong.empty());
    samples.add(migration, sample);
    return sample;
  }

  private MigrationId migration() {
    return StoredMigrations.one(address, "server-1");
  }

  @Test
  void what_another_server_owns_is_remembered_and_not_stored() {
    MigrationId others = StoredMigrations.one(address, "server-2");
    MigrationSample sample = add(others, 0);

    assertThat(samples.latest(others)).contains(sample);
    samples.close();
    assertThat(history.samples(others)).isEmpty();
  }

  @Test
  void the_first_and_one_each_five_seconds_are_stored_and_all_remembered() {
    MigrationId migration = migration();
    MigrationSample first = add(migration, 0);
    clock.forward(Duration.ofSeconds(3));
    MigrationSample second = add(migration, 3_000);
    clock.forward(Duration.ofSeconds(2));
    MigrationSample third = add(migration, 5_000);

    assertThat(samples.of(migration)).containsExactly(first, second, third);
    assertThat(samples.latest(migration)).contains(third);
    samples.close();
    assertThat(history.samples(migration)).containsExactly(first, third);
  }

  @Test
  void hundreds_of_copies_at_once_are_stored_no_oftener_each() {
    List<MigrationId> many = Stream.generate(this::migration).limit(300).toList();
    for (int i = 0; i < 3; i++) {
      long elapsedMs = i * 500L;
      many.forEach(migration -> add(migration, elapsedMs));
      clock.forward(Duration.ofMillis(500));
    }

    Await.until(
        "the last to be written",
        () -> history.samples(many.getLast()).size(),
        stored -> stored > 0);
    samples.close();

    assertThat(many).allSatisfy(migration -> assertThat(history.samples(migration)).hasSize(1));
  }

  @Test
  void the_longer_a_copy_goes_on_the_rarer_it_is_stored() {
    MigrationId migration = migration();
    long hour = Duration.ofHours(1).toMillis();
    MigrationSample first = add(migration, hour);
    clock.forward(Duration.ofSeconds(30));
    add(migration, hour + 30_000);
    clock.forward(Duration.ofSeconds(7));
    MigrationSample last = add(migration, hour + 37_000);

    samples.close();

    assertThat(history.samples(migration)).containsExactly(first, last);
  }

  @Test
  void what_another_server_stored_comes_before_what_this_one_remembers() {
    MigrationId migration = migration();
    MigrationSample before = add(migration, 0);
    restart();
    clock.forward(Duration.ofSeconds(1));
    MigrationSample after = add(migration, 1_000);
    clock.forward(Duration.ofSeconds(1));
    MigrationSample last = add(migration, 2_000);

    assertThat(samples.of(migration)).containsExactly(before, after, last);
  }
}
