package dev.godwit.server.store;

import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** The tables of a database, brought to those of this version. */
final class Tables {
  /** Versions before it were never released, and had tables for SQLite alone. */
  private static final MigrationVersion FIRST = MigrationVersion.fromVersion("4");

  private Tables() {}

  /** {@link DatabaseRefused} when others than this version or an older release made them. */
  static void bringUp(Engine engine) {
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(engine.writers())
              .locations("classpath:dev/godwit/server/store")
              .load();
      MigrationInfo[] applied = flyway.info().applied();
      Optional<MigrationInfo> before =
          Arrays.stream(applied)
              .filter(it -> it.getVersion() != null && it.getVersion().compareTo(FIRST) < 0)
              .findFirst();
      if (before.isPresent()) {
        throw new DatabaseRefused(
            "%s: expected tables of this version, found those of a build before the first release (version %s). Give this server another database, and take the guests over with 'godwit vm adopt'; this one is as it was."
                .formatted(engine.name(), before.get().getVersion()));
      }
      Optional<MigrationInfo> newer =
          Arrays.stream(applied)
              .filter(it -> it.getState().name().startsWith("FUTURE"))
              .reduce((one, other) -> other);
      if (newer.isPresent()) {
        throw new DatabaseRefused(
            "%s: expected tables of this version or an older one, found version %s of a newer Godwit. Start that version, or restore a copy made before the upgrade."
                .formatted(engine.name(), newer.get().getVersion()));
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw new DatabaseRefused(
          "%s: expected a Godwit database, found: %s. Restore it from a copy."
              .formatted(engine.name(), e.getMessage()));
    }
  }
}
