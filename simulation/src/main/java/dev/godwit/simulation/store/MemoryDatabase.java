package dev.godwit.simulation.store;

import dev.godwit.server.store.Database;
import dev.godwit.simulation.store.SimulatedEngine.Commit;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
