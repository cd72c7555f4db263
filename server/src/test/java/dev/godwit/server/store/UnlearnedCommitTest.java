package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.server.Await;
import dev.godwit.server.PostgresqlForTests;
import dev.godwit.server.Relay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that break at the worst moment: what is said of a change, and what is true of it. */
final class UnlearnedCommitTest {
  private final PostgresqlForTests postgresql = PostgresqlForTests.one();
  private Relay relay;
  private DatabaseAddress.Postgresql address;
  private Database database;

  @BeforeEach
  void open() {
    relay = new Relay(postgresql.cluster().port());
    address = postgresql.fresh();
    database = Database.open(postgresql.by(relay.port(), address));
  }

  @AfterEach
  void close() {
    database.close();
    relay.close();
  }

  private void write(String what) {
    database.changing(handle ->
        handle
            .sql("INSERT INTO secrets (what, secret) VALUES (:what, '')")
            .bind("what", what)
            .execute());
  }

  private long written(String what) {
    return database.read(handle ->
        handle
            .sql("SELECT COUNT(*) AS count FROM secrets WHERE what = :what")
            .bind("what", what)
            .one(row -> row.number("count")));
  }

  @Test
  void a_commit_that_got_lost_on_the_way_there_or_back_is_told_as_unknown() {
    relay.loseEach(1);
    assertThatThrownBy(() -> write("there"))
        .isInstanceOf(DatabaseTrouble.Unlearned.class)
        .hasMessageContaining("did not say whether")
        .hasMessageContaining("look before you ask for it again")
        .hasMessageNotContaining(address.password());
    assertThatThrownBy(() -> write("back")).isInstanceOf(DatabaseTrouble.Unlearned.class);
    relay.loseEach(0);

    assertThat(relay.lost()).isEqualTo(2);
    assertThat(written("there")).isZero();
    // The database may take it after the one that asked has gone.
    Await.until("the commit whose answer was lost", () -> written("back"), it -> it == 1);
  }

  @Test
  void connections_that_broke_while_nobody_used_them_are_not_noticed() {
    write("before");
    relay.cut();
    relay.mend();

    write("after");

    assertThat(written("after")).isEqualTo(1);
  }

  @Test
  void a_database_that_is_away_is_told_soon_and_used_again_when_it_is_back() {
    relay.cut();
    assertThatThrownBy(() -> write("meanwhile"))
        .isInstanceOf(DatabaseTrouble.class)
        .isNotInstanceOf(DatabaseTrouble.Unlearned.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("what was under way goes on when it is there again");
    assertThatThrownBy(() -> written("meanwhile"))
        .isInstanceOf(DatabaseTrouble.class)
        .hasMessageContaining("cannot be read");
    relay.mend();

    write("after");

    assertThat(written("meanwhile")).isZero();
    assertThat(written("after")).isEqualTo(1);
  }

  @Test
  void a_password_that_is_wrong_is_told_without_it() {
    DatabaseAddress wrong =
        new DatabaseAddress.Postgresql(
            address.host(),
            address.port(),
            address.database(),
            address.user(),
            "guessed",
            address.options());

    assertThatThrownBy(() -> Database.open(wrong))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("lets this server in")
        .hasMessageNotContaining("guessed");
    assertThat(wrong.toString()).doesNotContain("guessed");
  }
}
