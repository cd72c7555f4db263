package dev.godwit.server;

import dev.godwit.server.store.DatabaseAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Changes a database behind every server's back. */
public final class Sql {
  private Sql() {}

  public static void run(Path file, String... statements) {
    run(new DatabaseAddress.Sqlite(file), statements);
  }

  public static void run(DatabaseAddress address, String... statements) {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The one value that a query finds. */
  static String text(DatabaseAddress address, String sql) {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      if (!found.next()) {
        throw new AssertionError("nothing found: " + sql);
      }
      return found.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    return switch (address) {
      case DatabaseAddress.Sqlite(Path file) -> DriverManager.getConnection("jdbc:sqlite:" + file);
      case DatabaseAddress.Postgresql there -> PostgresqlForTests.connect(there);
    };
  }
}
