package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server's database keeps of moves that are over. */
final class JournalTest {
  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void make() throws SQLException {
    database = folder.resolve("godwit.db");
    change(
        "CREATE TABLE claims (host TEXT)",
        "CREATE TABLE disk_claims (host TEXT, target TEXT)",
        "CREATE TABLE migrations (number INTEGER, over INTEGER, rests INTEGER)",
        "INSERT INTO migrations VALUES (1, 1, 1)");
  }

  private void change(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
  }

  private List<String> claims() {
    try (Journal journal = new Journal(database)) {
      return journal.claims();
    }
  }

  @Test
  void a_migration_that_is_over_and_rests_claims_nothing() {
    assertThat(claims()).isEmpty();
  }

  @Test
  void a_migration_that_is_over_and_still_owes_something_is_told() throws SQLException {
    change("INSERT INTO migrations VALUES (2, 1, 0)", "INSERT INTO migrations VALUES (3, 0, 0)");
    assertThat(claims())
        .containsExactlyInAnyOrder(
            "migration 2 that is over and does not rest", "migration 3 is not over");
  }
}
