package dev.godwit.app.real;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.PostgresqlCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Makes the lab's PostgreSQL keep who journals a transition waiting in its commit. Stopped there
 * and then let go, a server stands between an entry that is written and its orders, which it has
 * still to send.
 */
final class HeldJournal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Deferred, it runs in the commit; each of its looks sees what is committed by then. */
  private static final String HOLD =
      """
      CREATE TABLE held (transition TEXT PRIMARY KEY);
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        WHILE EXISTS (SELECT 1 FROM held WHERE transition = NEW.transition) LOOP
          PERFORM pg_sleep(0.01);
        END LOOP;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON journal
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold();
      """;

  private final Path database;

  HeldJournal(RealLab lab, String... transitions) {
    database = lab.lab().folder().resolve("postgresql");
    sql(HOLD);
    for (String transition : transitions) {
      sql("INSERT INTO held VALUES ('%s')".formatted(transition));
    }
  }

  /** Waits until a server waits. */
  void awaitWriter() {
    Await.until(
        "a held commit",
        RealLab.PATIENCE,
        () -> !sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'").isBlank());
  }

  /** What waits there is committed. */
  void letGo(String transition) {
    sql("DELETE FROM held WHERE transition = '%s'".formatted(transition));
    Await.until(
        "nobody to be held",
        PATIENCE,
        () -> sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'").isBlank());
  }

  @Override
  public void close() {
    sql("DELETE FROM held");
    sql("DROP TRIGGER hold ON journal; DROP FUNCTION hold; DROP TABLE held");
  }

  private String sql(String text) {
    Argv.Result result =
        Argv.run(
            PATIENCE,
            List.of(
                "env",
                "PGPASSWORD=" + LabFolder.read(database.resolve("password")).orElseThrow(),
                "psql",
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--host=" + database,
                "--username=" + PostgresqlCluster.USER,
                PostgresqlCluster.DATABASE),
            text);
    if (!result.ok()) {
      throw new LabFailure("%s: %s".formatted(text, result.err().strip()));
    }
    return result.out();
  }
}
