package dev.godwit.server.store;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.model.HostName;
import java.time.Instant;

/**
 * The commit, and an operator's word against one: host, node and task state change together, or not
 * at all. A delete that was asked for meanwhile stays asked for.
 */
final class Ownership {
  private Ownership() {}

  static void toDestination(Handle handle, Migration migration, Instant now) {
    change(handle, migration, migration.source(), migration.destination(), now);
  }

  static void toSource(Handle handle, Migration migration, Instant now) {
    change(handle, migration, migration.destination(), migration.source(), now);
  }

  private static void change(
      Handle handle, Migration migration, HostName from, HostName to, Instant now) {
    int changed =
        handle
            .sql(
                """
                UPDATE instances SET host = :to,
                  node = (SELECT CASE WHEN source = :to THEN source_node ELSE destination_node END
                    FROM migrations WHERE id = :migration),
                  task_state = CASE WHEN task_state = 'MIGRATING' THEN 'NONE' ELSE task_state END,
                  updated_at = :now
                WHERE id = :id AND host = :from
                """)
            .bind("to", to.value())
            .bind("migration", migration.id().toString())
            .bind("now", Micros.of(now))
            .bind("id", migration.instance().toString())
            .bind("from", from.value())
            .execute();
    if (changed != 1) {
      throw new IllegalStateException(
          "instance %s is not recorded on %s, from where migration %s takes it to %s"
              .formatted(migration.instance(), from, migration.number(), to));
    }
  }
}
