package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Resources;
import dev.godwit.server.DatabaseKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(DatabaseKind.class)
class HistoryTest {
  private final DatabaseKind kind;
  @TempDir Path folder;
  private Records records;
  private History history;

  HistoryTest(DatabaseKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() {
    records = new Records(kind.fresh(folder));
    history = new History(records.database);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private static Sighting sighting(String sentence) {
    return new Sighting(Records.NOW, Records.HOST2, sentence, "the view: " + sentence);
  }

  @Test
  void what_was_seen_is_read_as_it_was_written_and_in_order() {
    Migration held = records.leased();
    MigrationId id = held.id();

    history.add(
        id, held.epoch(), List.of(sighting("nothing of the guest"), sighting("the guest runs")));
    history.add(id, held.epoch(), List.of(sighting("nothing of the guest")));

    assertThat(history.sightings(id))
        .containsExactly(
            sighting("nothing of the guest"),
            sighting("the guest runs"),
            sighting("nothing of the guest"));
    assertThat(history.sightings(new MigrationId(UUID.randomUUID()))).isEmpty();
  }

  @Test
  void of_very_many_sightings_the_newest_are_kept() {
    Migration held = records.leased();
    MigrationId id = held.id();
    List<Sighting> many = IntStream.range(0, 250).mapToObj(i -> sighting("number " + i)).toList();

    history.add(id, held.epoch(), many.subList(0, 120));
    history.add(id, held.epoch(), many.subList(120, 250));

    assertThat(history.sightings(id)).isEqualTo(many.subList(50, 250));
  }

  @Test
  void what_was_seen_is_written_with_the_move_that_it_means_and_not_without_it() {
    Migration held = records.leased();
    Migration another = records.leased();
    List<Sighting> seen = List.of(sighting("the guest runs"));
    Migrations.Meaning room =
        new Migrations.Meaning(Optional.empty(), Records.ROOM, List.of(), seen);
    Migrations.Meaning noRoom =
        new Migrations.Meaning(Optional.empty(), Resources.NONE, List.of(), seen);

    assertThat(
            records.migrations.move(
                held.epoch(), Records.move(Records.planned(held)), room, Records.NOW))
        .isEqualTo(Moved.DONE);
    assertThat(
            records.migrations.move(
                another.epoch(), Records.move(Records.planned(another)), noRoom, Records.NOW))
        .isEqualTo(Moved.NO_MEMORY);

    assertThat(history.sightings(held.id())).isEqualTo(seen);
    assertThat(history.sightings(another.id())).isEmpty();
  }

  @Test
  void each_sample_is_kept_and_the_last_is_the_migrations() {
    Migration migration = records.leased();

    records.migrations.sampled(migration.id(), "server-1", sample(1), Records.NOW);
    records.migrations.sampled(migration.id(), "server-1", sample(2), Records.NOW);

    assertThat(history.samples(migration.id())).containsExactly(sample(1), sample(2));
    assertThat(records.migrations.find(migration.id()).orElseThrow().sample()).contains(sample(2));
  }

  @Test
  void after_a_while_it_is_forgotten_of_migrations_that_are_over_and_of_no_other() {
    Migration over = records.leased();
    Migration going = records.leased();
    for (Migration migration : List.of(over, going)) {
      history.add(migration.id(), migration.epoch(), List.of(sighting("the guest runs")));
      records.migrations.sampled(migration.id(), "server-1", sample(1), Records.NOW);
    }
    records.after(
        over,
        Life.move(
            Transition.CANCEL_ACCEPTED,
            over,
            new Phase.Cancelled(Ending.aborted()),
            Records.NOW,
            List.of()));

    history.forget(Records.NOW);
    assertThat(history.samples(over.id())).hasSize(1);
    history.forget(Records.NOW.plusSeconds(1));

    assertThat(history.samples(over.id())).isEmpty();
    assertThat(history.sightings(over.id())).isEmpty();
    assertThat(history.samples(going.id())).hasSize(1);
    assertThat(history.sightings(going.id())).hasSize(1);
  }

  private static MigrationSample sample(long elapsedMs) {
    return new MigrationSample(
        Records.NOW,
        true,
        elapsedMs,
        new MigrationSample.Memory(1L << 40, 2, 3, 4, 5, 4096, 6),
        new MigrationSample.Disks(7, 8, 9, Map.of("vda", new MigrationSample.Disk(10, 11))),
        300,
        OptionalLong.of(42));
  }
}
