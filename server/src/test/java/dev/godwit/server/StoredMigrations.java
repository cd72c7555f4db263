package dev.godwit.server;

import dev.godwit.core.model.MigrationId;
import dev.godwit.server.store.DatabaseAddress;
import java.util.UUID;

/** Migrations that are just there, for what is written beside them. */
public final class StoredMigrations {
  private StoredMigrations() {}

  /** One of an owner, in its first epoch. */
  public static MigrationId one(DatabaseAddress database, String owner) {
    MigrationId id = new MigrationId(UUID.randomUUID());
    Sql.run(
        database,
        "UPDATE numbers SET last = last + 1 WHERE what = 'migrations'",
        """
        INSERT INTO migrations (number, id, instance_id, source, source_node, user_id, project_id,
          request, request_id, phase, checks, why, alarm, wants_abort, wants_completion, epoch, owner,
          committed, over, accepted_at, phase_since, updated_at)
        VALUES ((SELECT last FROM numbers WHERE what = 'migrations'), '%1$s', '%1$s', 'h1', 'h1', 'u',
          'p', '{}', 'r', 'ACCEPTED', '[]', '', 0, 0, 0, 1, '%2$s', 0, 0, 0, 0, 0)
        """
            .formatted(id, owner));
    return id;
  }
}
