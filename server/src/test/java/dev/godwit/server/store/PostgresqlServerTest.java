package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.server.PostgresqlForTests;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What is asked of a PostgreSQL server, and what its answers mean. */
final class PostgresqlServerTest {
  private final DatabaseAddress.Postgresql address = PostgresqlForTests.one().fresh();

  private static String synchronousCommit(Database database) {
    return database.change(
        handle -> handle.sql("SHOW synchronous_commit").one(row -> row.text("synchronous_commit")));
  }

  @Test
  void a_change_is_on_disk_when_it_is_told_whatever_the_database_is_set_to() {
    try (Database database = Database.open(address)) {
      database.changing(handle ->
          handle
              .sql("ALTER DATABASE %s SET synchronous_commit = off".formatted(address.database()))
              .execute());
    }
    try (Database database = Database.open(address)) {
      assertThat(synchronousCommit(database)).isEqualTo("on");
    }
  }

  @Test
  void a_commit_of_which_the_server_itself_knows_no_end_is_not_called_refused() {
    try (PostgresqlServer server = PostgresqlServer.open(address)) {
      assertThat(server.refusedCommit(new SQLException("unknown", "40003"))).isFalse();
      assertThat(server.refusedCommit(new SQLException("the connection is gone", "08006")))
          .isFalse();
      assertThat(server.refusedCommit(new SQLException("serialization", "40001"))).isTrue();
      assertThat(server.refusedCommit(new SQLException("unique", "23505"))).isTrue();
    }
  }
}
