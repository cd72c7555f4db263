package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.model.VmState;
import dev.godwit.server.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a database file must be, and what is said when it is not. */
final class DatabaseTest {
  @TempDir Path folder;

  private DatabaseAddress address() {
    return new DatabaseAddress.Sqlite(file());
  }

  private Path file() {
    return folder.resolve("godwit.db");
  }

  @Test
  void what_was_written_is_there_after_a_restart() {
    Migration copying;
    try (Records records = new Records(address())) {
      copying = records.transferring(records.leased());
    }
    try (Records records = new Records(address())) {
      assertThat(records.now(copying)).isEqualTo(copying);
      assertThat(records.now(copying).phase()).isEqualTo(new Phase.Transferring());
    }
  }

  @Test
  void every_acknowledged_change_survives_the_loss_of_power() {
    try (Database database = Database.open(address())) {
      // FULL is 2: with a write-ahead log, the log is synchronized at each commit.
      long synchronous =
          database.change(
              handle -> handle.sql("PRAGMA synchronous").one(row -> row.number("synchronous")));
      String journal =
          database.change(
              handle -> handle.sql("PRAGMA journal_mode").one(row -> row.text("journal_mode")));

      assertThat(synchronous).isEqualTo(2);
      assertThat(journal).isEqualTo("wal");
    }
  }

  @Test
  void a_change_that_throws_changed_nothing() {
    try (Records records = new Records(address())) {
      Instance instance = records.instance(VmState.ACTIVE);
      assertThatThrownBy(() ->
              records.database.changing(handle -> {
                handle.sql("DELETE FROM instances").execute();
                throw new IllegalStateException("half way");
              }))
          .hasMessage("half way");

      assertThat(records.now(instance.id())).isEqualTo(instance);
    }
  }

  @Test
  void a_file_that_another_server_has_open_is_refused() {
    try (Database first = Database.open(address())) {
      assertThatThrownBy(() -> Database.open(address()))
          .isInstanceOf(DatabaseRefused.class)
          .hasMessageContaining("in use by another server")
          .hasMessageContaining(file().toString());
      long one = first.read(handle -> handle.sql("SELECT 1 AS one").one(row -> row.number("one")));
      assertThat(one).isEqualTo(1);
    }
    Database.open(address()).close();
  }

  @Test
  void somebody_elses_database_is_refused_and_not_written_to() throws IOException {
    Sql.run(file(), "CREATE TABLE bookmarks (url TEXT)");
    byte[] before = Files.readAllBytes(file());

    assertThatThrownBy(() -> Database.open(address()))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("bookmarks")
        .hasMessageContaining("Name another file");

    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  void a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    Database.open(address()).close();
    Sql.run(
        file(),
        """
        INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
          checksum, installed_by, execution_time, success)
        VALUES (99, '99', 'from the future', 'SQL', 'V99__from_the_future.sql', 1, '', 1, 1)
        """);

    assertThatThrownBy(() -> Database.open(address()))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("found version 99 of a newer Godwit")
        .hasMessageContaining("Start that version, or restore");
    Sql.run(file(), "DELETE FROM flyway_schema_history WHERE version = '99'");
    Database.open(address()).close();
  }

  @Test
  void a_file_of_a_build_before_the_first_release_is_refused_and_left_as_it_is() {
    Database.open(address()).close();
    Sql.run(
        file(),
        "UPDATE flyway_schema_history SET version = '1', description = 'first flight', script = 'V1__first_flight.sql'",
        "DROP TABLE servers");

    assertThatThrownBy(() -> Database.open(address()))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("before the first release (version 1)")
        .hasMessageContaining("Give this server another database");
    Sql.run(file(), "CREATE TABLE servers (it_was_not_made_again TEXT)");
  }

  @Test
  void a_file_that_is_no_database_is_refused_and_left_as_it_is() throws IOException {
    String text = "these are not the bytes you are looking for, but there are quite a few of them";
    Files.writeString(file(), text);

    assertThatThrownBy(() -> Database.open(address()))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("expected a Godwit database");
    assertThat(Files.readString(file(), StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  void a_database_of_something_else_is_refused() {
    Sql.run(file(), "CREATE TABLE recipes (name TEXT)");

    assertThatThrownBy(() -> Database.open(address()))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("expected a Godwit database");
  }

  @Test
  void a_place_that_cannot_be_written_is_refused() throws IOException {
    Files.writeString(folder.resolve("in-the-way"), "");
    Path below = folder.resolve("in-the-way").resolve("godwit.db");

    assertThatThrownBy(() -> Database.open(new DatabaseAddress.Sqlite(below)))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining(below.toString());
    assertThatThrownBy(() -> Database.open(new DatabaseAddress.Sqlite(Path.of("/proc/godwit.db"))))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("/proc/godwit.db");
  }

  @Test
  void a_directory_is_refused_and_may_be_a_database_once_it_is_gone() throws IOException {
    Files.createDirectory(file());

    assertThatThrownBy(() -> Database.open(address())).isInstanceOf(DatabaseRefused.class);
    Files.delete(file());
    Database.open(address()).close();
  }

  @Test
  void a_full_disk_is_told_and_what_was_there_can_still_be_read() {
    try (Records records = new Records(address())) {
      Instance instance = records.instance(VmState.ACTIVE);
      // SQLite answers SQLITE_FULL at this limit as it does on a full disk.
      records.database.changing(
          handle -> handle.sql("PRAGMA max_page_count = 1").first(row -> true));

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  records.instance(VmState.ACTIVE);
                }
              })
          .isInstanceOf(DatabaseTrouble.class)
          .hasMessageContaining("cannot be written")
          .hasMessageContaining("full")
          .hasMessageContaining("has room");

      assertThat(records.now(instance.id())).isEqualTo(instance);
      records.database.changing(
          handle -> handle.sql("PRAGMA max_page_count = 1000000").first(row -> true));
      records.instance(VmState.ACTIVE);
    }
  }
}
