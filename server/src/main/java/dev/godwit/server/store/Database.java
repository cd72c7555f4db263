package dev.godwit.server.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The record: the same statements on SQLite, for one server, and on PostgreSQL, for several. Work
 * that is handed in may run more than once, and only the last run counts.
 */
public final class Database implements AutoCloseable {
  /** More than a pool has connections, which after a restart of the database are all old ones. */
  private static final int MOST_ATTEMPTS = 10;

  private static final Duration LONGEST_REST = Duration.ofMillis(40);

  private final Engine engine;
  private final Handle writers;
  private final Handle readers;

  private Database(Engine engine) {
    this.engine = engine;
    this.writers = new Handle(engine.writers());
    this.readers = new Handle(engine.readers());
  }

  /**
   * Opens it, or makes the file, and brings it to this version's tables.
   *
   * @throws DatabaseRefused when another server has the file, a newer version wrote it, or it is
   *     none of Godwit's
   */
  public static Database open(DatabaseAddress address) {
    Engine engine =
        switch (address) {
          case DatabaseAddress.Sqlite(var file) -> SqliteFile.open(file);
          case DatabaseAddress.Postgresql there -> PostgresqlServer.open(there);
        };
    return on(engine);
  }

  /** On one that is open, which it closes with itself, and also when it is refused. */
  public static Database on(Engine engine) {
    try {
      Tables.bringUp(engine);
      return new Database(engine);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** On one whose tables are known to be this version's. */
  public static Database withTables(Engine engine) {
    return new Database(engine);
  }

  /**
   * Runs a change in one transaction; it is on disk when this returns. What others were in the way
   * of is tried again, a few times.
   *
   * @throws DatabaseTrouble when it is not, and nothing was changed
   * @throws DatabaseTrouble.Unlearned when the database did not say whether it was
   */
  public <T> T change(Function<Handle, T> work) {
    return attempts("written", () -> changeOnce(work));
  }

  /** Runs a change in one transaction, as {@link #change} does. */
  public void changing(Consumer<Handle> work) {
    change(handle -> {
      work.accept(handle);
      return true;
    });
  }

  private <T> T changeOnce(Function<Handle, T> work) {
    try {
      return writers.together(work);
    } catch (SqlTrouble.InCommit e) {
      if (engine.refusedCommit(e.answer())) {
        throw e;
      }
      throw new DatabaseTrouble.Unlearned(
          "the database %s did not say whether it took a change: %s. It may be there or not: look before you ask for it again. %s"
              .formatted(engine.name(), DatabaseTrouble.root(e), engine.remedy()),
          e);
    }
  }

  /**
   * Reads; on SQLite it never waits for a change.
   *
   * @throws DatabaseTrouble when it cannot be read
   */
  public <T> T read(Function<Handle, T> work) {
    return attempts("read", () -> readOnce(work));
  }

  private <T> T readOnce(Function<Handle, T> work) {
    return engine.looksInTransactions() ? readers.together(work) : readers.apart(work);
  }

  private interface Attempt<T> {
    T make();
  }

  private <T> T attempts(String what, Attempt<T> attempt) {
    for (int i = 1; ; i++) {
      try {
        return attempt.make();
      } catch (SqlTrouble e) {
        Engine.Again again = engine.again(e.answer());
        if (again == Engine.Again.NO || i >= MOST_ATTEMPTS) {
          throw new DatabaseTrouble(
              "the database %s cannot be %s: %s. %s"
                  .formatted(engine.name(), what, DatabaseTrouble.root(e), engine.remedy()),
              e);
        }
        if (again == Engine.Again.OTHERS) {
          rest(i, e);
        }
      }
    }
  }

  /** For a random time, so that those who met do not meet again. */
  private static void rest(int attempt, SqlTrouble why) {
    try {
      long most = LONGEST_REST.toMillis() * attempt;
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseTrouble("interrupted before a change could be tried again", why);
    }
  }

  /** See {@link Engine#holdName}. */
  boolean holdName(String server) {
    return engine.holdName(server);
  }

  /** See {@link Engine#alone}. */
  boolean alone() {
    return engine.alone();
  }

  /** See {@link Engine#evictName}. */
  void evictName(String server) {
    engine.evictName(server);
  }

  @Override
  public void close() {
    engine.close();
  }
}
