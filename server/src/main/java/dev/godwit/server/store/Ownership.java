package dev.godwit.server.store;

import dev.godwit.core.migration.Migration;
import java.time.Instant;

/**
 * The commit: host, node and task state change together, or not at all. A delete that was asked for
 * meanwhile stays asked for.
 */
final class Ownership {
  private Ownership() {}

  static void change(Handle handle, Migration migration, Instant now) {
    int changed =
        handle
            .sql(
                """
                UPDATE instances SET host = :host,
                  node = (SELECT destination_node FROM migrations WHERE id = :migration),
                  task_state = CASE WHEN task_state = 'MIGRATING' THEN 'NONE' ELSE task_state END,
                  updated_at = :now
                WHERE id = :id AND host = :source
                """)
            .bind("host", migration.destination().value())
            .bind("migration", migration.id().toString())
            .bind("now", Micros.of(now))
            .bind("id", migration.instance().toString())
            .bind("source", migration.source().value())
            .execute();
    if (changed != 1) {
      throw new IllegalStateException(
          "instance %s is not recorded on %s, from which migration %s moves it"
              .formatted(migration.instance(), migration.source(), migration.number()));
    }
  }
}
