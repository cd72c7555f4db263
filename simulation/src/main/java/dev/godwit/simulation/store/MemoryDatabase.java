package dev.godwit.simulation.store;

import dev.godwit.server.store.Database;
import dev.godwit.simulation.store.SimulatedEngine.Commit;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/**
 * SQLite in memory, with the tables that the real migrations make. What a world does with it is one
 * transaction, and undone when the world ends, so that the next one finds empty tables and compiled
 * statements: to make both anew was an eighth of a history.
 */
final class MemoryDatabase {
  private static final Queue<MemoryDatabase> IDLE = new ConcurrentLinkedQueue<>();

  private final SQLiteConnection connection;
  private final KeptStatements kept;

  private MemoryDatabase() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setGetGeneratedKeys(false);
    // One thread at a time has it.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    this.connection = (SQLiteConnection) config.createConnection("jdbc:sqlite::memory:");
    this.kept = new KeptStatements(connection);
    connection.setAutoCommit(false);
    Database.on(
            new SimulatedEngine(
                () ->
                    SimulatedEngine.failing(
                        connection, connection::prepareStatement, () -> Commit.MADE, () -> {}),
                new SimulatedEngine.NameBook() {
                  @Override
                  public boolean hold(String server) {
                    return true;
                  }

                  @Override
                  public void evict(String server) {}
                }))
        .close();
    connection.commit();
  }

  /** One that no living world has. */
  static MemoryDatabase take() {
    try {
      MemoryDatabase idle = IDLE.poll();
      return idle == null ? new MemoryDatabase() : idle;
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }

  SQLiteConnection connection() {
    return connection;
  }

  /** One that nobody uses now; who closes it leaves it for the next who needs the same. */
  PreparedStatement statement(String sql) throws SQLException {
    return kept.of(sql);
  }

  /** A part of the world's transaction begins, which is a server's own. */
  void begin() throws SQLException {
    make("SAVEPOINT work");
  }

  void keep() throws SQLException {
    make("RELEASE work");
  }

  void undo() throws SQLException {
    make("ROLLBACK TO work");
    keep();
  }

  private void make(String sql) throws SQLException {
    try (PreparedStatement statement = kept.of(sql)) {
      statement.execute();
    }
  }

  /** What the transaction did that began last. */
  List<Change> made() {
    return kept.made();
  }

  /** Does that in the open transaction; an error when it is not what it was any more. */
  void repeat(List<Change> changes) throws SQLException {
    for (Change change : changes) {
      try (PreparedStatement statement = kept.of(change.sql())) {
        for (int i = 0; i < change.values().size(); i++) {
          statement.setObject(i + 1, change.values().get(i));
        }
        if (statement.executeUpdate() != change.rows()) {
          throw new SQLException("could not serialize access", SimulatedEngine.AGAIN);
        }
      }
    }
  }

  /** A transaction of those; false when it cannot be made, and nothing is changed. */
  boolean makes(List<Change> changes) {
    try {
      begin();
      try {
        repeat(changes);
      } catch (SQLException e) {
        undo();
        return false;
      }
      keep();
      return true;
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }

  /** How often that table may have been changed. */
  LongSupplier changes(String table) {
    return kept.changes(table);
  }

  /** The world is over, and nothing that it wrote was ever written. */
  void giveBack() {
    try {
      connection.rollback();
      IDLE.add(this);
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }
}
