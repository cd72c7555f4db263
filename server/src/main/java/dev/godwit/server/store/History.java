package dev.godwit.server.store;

import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import java.time.Instant;
import java.util.List;

/** How migrations went, for people: what was seen of the hosts, and how far the copies were. */
public final class History {
  private static final int MOST_SIGHTINGS = 200;

  private final Database database;

  public History(Database database) {
    this.database = database;
  }

  /**
   * Adds what was seen, unless the migration is another owner's now; of very many, the oldest go.
   */
  public void add(MigrationId id, Epoch epoch, List<Sighting> seen) {
    database.changing(handle -> {
      // Holds the row, so that no other owner writes at the same time.
      int owned =
          handle
              .sql("UPDATE migrations SET epoch = epoch WHERE id = :id AND epoch = :epoch")
              .bind("id", id.toString())
              .bind("epoch", epoch.value())
              .execute();
      if (owned == 1) {
        insert(handle, id, seen);
      }
    });
  }

  static void insert(Handle handle, MigrationId id, List<Sighting> seen) {
    for (Sighting sighting : seen) {
      handle
          .sql(
              """
              INSERT INTO observations (migration_id, seq, at, host, sentence, view)
              SELECT :id, COALESCE(MAX(seq), 0) + 1, :at, :host, :sentence, :view
              FROM observations WHERE migration_id IN (:id)
              """)
          .bind("id", id.toString())
          .bind("at", Micros.of(sighting.at()))
          .bind("host", sighting.host().value())
          .bind("sentence", sighting.sentence())
          .bind("view", sighting.view())
          .execute();
    }
    if (!seen.isEmpty()) {
      handle
          .sql(
              """
              DELETE FROM observations WHERE migration_id IN (:id)
                AND seq <= (SELECT MAX(seq) FROM observations WHERE migration_id IN (:id)) - :most
              """)
          .bind("id", id.toString())
          .bind("most", MOST_SIGHTINGS)
          .execute();
    }
  }

  /** What was seen, oldest first. */
  public List<Sighting> sightings(MigrationId id) {
    return database.read(handle ->
        handle
            .sql("SELECT * FROM observations WHERE migration_id IN (:id) ORDER BY seq")
            .bind("id", id.toString())
            .all(row ->
                new Sighting(
                    row.instant("at"),
                    new HostName(row.text("host")),
                    row.text("sentence"),
                    row.text("view"))));
  }

  /** Forgets it of migrations that ended before; their journal stays. */
  public void forget(Instant endedBefore) {
    database.changing(handle -> {
      for (String table : List.of("samples", "observations")) {
        handle
            .sql(
                "DELETE FROM "
                    + table
                    + " WHERE migration_id IN (SELECT id FROM migrations WHERE over = 1 AND ended_at < :before)")
            .bind("before", Micros.of(endedBefore))
            .execute();
      }
    });
  }

  static void insert(Handle handle, MigrationId id, MigrationSample sample) {
    handle
        .sql(
            """
            INSERT INTO samples (migration_id, seq, sample)
            SELECT :id, COALESCE(MAX(seq), 0) + 1, :sample FROM samples WHERE migration_id IN (:id)
            """)
        .bind("id", id.toString())
        .bind("sample", StoredJson.text(sample))
        .execute();
  }

  /** How far the copy was now and then, oldest first. */
  public List<MigrationSample> samples(MigrationId id) {
    return database.read(handle ->
        handle
            .sql("SELECT sample FROM samples WHERE migration_id IN (:id) ORDER BY seq")
            .bind("id", id.toString())
            .all(row -> StoredJson.read(row.text("sample"), MigrationSample.class)));
  }
}
