package dev.godwit.simulation.store;

import dev.godwit.server.store.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.random.RandomGenerator;
import org.sqlite.SQLiteConnection;

/** SQLite in memory, one for all servers of a world. */
public final class SimulatedDatabase implements AutoCloseable {
  private static final byte[] EMPTY = empty();

  private final SQLiteConnection connection;
  private final RandomGenerator random;
  private Weather weather = Weather.FAIR;

  /**
   * How it fares, in per mille of transactions.
   *
   * @param failing before the commit, and nothing is changed
   * @param unlearned the commit is made and its answer lost, or was never made and nobody learns
   * @param slow takes up to a second
   */
  public record Weather(boolean away, int failing, int unlearned, int slow) {
    public static final Weather FAIR = new Weather(false, 0, 0, 0);
  }

  public SimulatedDatabase(RandomGenerator random) {
    this.random = random;
    try {
      connection = (SQLiteConnection) new org.sqlite.SQLiteConfig().createConnection("jdbc:sqlite::memory:");
      connection.deserialize("main", EMPTY);
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }

  private static byte[] empty() {
    try (SQLiteConnection first =
        (SQLiteConnection) new org.sqlite.SQLiteConfig().createConnection("jdbc:sqlite::memory:")) {
      Database.on(new SimulatedEngine(unclosed(first), unclosed(first))).close();
      return first.serialize("main");
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }

  static Connection unclosed(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            SimulatedDatabase.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  Connection connection() {
    return connection;
  }

  RandomGenerator random() {
    return random;
  }

  public void weather(Weather now) {
    weather = now;
  }

  Weather weather() {
    return weather;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a database in memory", e);
    }
  }
}
