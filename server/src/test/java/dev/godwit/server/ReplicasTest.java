package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import dev.godwit.server.fake.Freezer.When;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.DatabaseRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL, the first one behind a relay that can be cut. */
final class ReplicasTest {
  @TempDir Path folder;
  private final PostgresqlForTests postgresql = PostgresqlForTests.one();
  private DatabaseAddress.Postgresql address;
  private FakeWorld world;
  private Relay relay;
  private Rig first;
  private Rig second;

  @BeforeEach
  void start() throws IOException {
    world = new FakeWorld("host1", "host2");
    world.memoryMib("host1", 100_000);
    world.memoryMib("host2", 100_000);
    address = postgresql.fresh();
    relay = new Relay(postgresql.cluster().port());
    first = rig("one", postgresql.by(relay.port(), address));
    second = rig("two", address);
  }

  private Rig rig(String name, DatabaseAddress database) throws IOException {
    return Rig.start(Files.createDirectories(folder.resolve(name)), world, database, name);
  }

  @AfterEach
  void stop() {
    relay.mend();
    first.close();
    second.close();
    relay.close();
  }

  private InstanceId copying(Rig rig) {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    assertThat(rig.migrate(id, "host2").status()).isEqualTo(202);
    rig.awaitPhase(id, "TRANSFERRING");
    return id;
  }

  private List<String> transitions(Rig rig, InstanceId id) {
    String migration = rig.migration(id).path("id").asText();
    List<String> transitions = new ArrayList<>();
    rig.admin()
        .get("/godwit/v1/migrations/" + migration)
        .json()
        .path("journal")
        .forEach(entry -> transitions.add(entry.path("transition").asText()));
    return transitions;
  }

  private static final List<String> WHOLE_WAY =
      List.of(
          "PLAN",
          "PREPARE",
          "PREPARE_NEXT",
          "PREPARE_NEXT",
          "TRANSFER",
          "COMMIT",
          "SETTLE_NEXT",
          "SETTLE_NEXT",
          "SETTLE_NEXT",
          "SETTLE_NEXT",
          "COMPLETE");

  private void assertCompletedOnce(Rig rig, InstanceId id) {
    JsonNode ended = rig.awaitEnd(id);
    assertThat(ended.path("status").asText()).as(ended.toPrettyString()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host2");
    assertThat(world.tracesOn("host1", id)).isEmpty();
    assertThat(transitions(rig, id)).isEqualTo(WHOLE_WAY);
    assertThat(rig.server(id).path("OS-EXT-SRV-ATTR:host").asText()).isEqualTo("host2");
  }

  @Test
  void a_move_is_seen_and_aborted_at_the_server_that_does_not_own_it() {
    InstanceId id = copying(first);
    long number = second.migration(id).path("number").asLong();

    Client.Answer abort =
        second.admin().at("2.24").delete("/v2.1/servers/" + id + "/migrations/" + number);

    assertThat(abort.status()).as(abort.body()).isEqualTo(202);
    assertThat(second.awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
    assertThat(world.runningOn(id)).containsExactly("host1");
  }

  @Test
  void a_token_of_one_server_is_good_at_the_other() {
    String token = first.logIn("alice", Rig.PASSWORD).header("X-Subject-Token").orElseThrow();

    assertThat(second.anybody().token(token).get("/v2.1/servers").status()).isEqualTo(200);
    String changed = token.substring(0, token.length() - 2) + (token.endsWith("AA") ? "BB" : "AA");
    assertThat(second.anybody().token(changed).get("/v2.1/servers").status()).isEqualTo(401);
  }

  @Test
  void a_stream_of_events_tells_what_the_other_server_does() throws IOException {
    InstanceId id = copying(first);
    HttpURLConnection stream =
        (HttpURLConnection)
            URI.create(
                    second.root()
                        + "/godwit/v1/migrations/"
                        + second.migration(id).path("id").asText()
                        + "/events")
                .toURL()
                .openConnection();
    stream.setRequestProperty("X-Auth-Token", second.token());
    stream.setReadTimeout(20_000);
    List<String> told = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
      world.finishCopies();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.add(line);
      }
    }
    assertThat(told).contains("event: migration", "event: end");
    assertCompletedOnce(second, id);
  }

  @Test
  void a_server_that_stands_still_is_taken_over_and_changes_nothing_afterwards() {
    InstanceId id = copying(first);
    long before = epoch(id);

    relay.freeze();
    Await.until("another owner", () -> epoch(id), epoch -> epoch > before);
    world.finishCopies();
    assertCompletedOnce(second, id);
    relay.mend();

    Await.until(
        "the first to answer", () -> first.server(id).path("status").asText(), "ACTIVE"::equals);
    assertThat(transitions(second, id)).isEqualTo(WHOLE_WAY);
    assertThat(first.migration(id).path("phase").asText()).isEqualTo("COMPLETED");
    // It is one of the servers again, and moves guests as before.
    Await.until(
        "two servers", () -> Sql.text(address, "SELECT COUNT(*) FROM servers"), "2"::equals);
    assertThat(first.migrate(id, "host1").status()).isEqualTo(202);
    assertThat(first.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void a_server_that_stood_still_before_an_order_has_it_refused_and_writes_nothing_more()
      throws Exception {
    InstanceId id = overtakenAt("FenceSource", When.BEFORE, "ClearSourceDefinition");

    relay.mend();
    first.freezer().thaw();

    Await.until("the order to be refused", () -> world.stale(id), it -> !it.isEmpty());
    assertThat(world.stale(id)).containsExactly("FenceSource");
    // What it has to say of that is another owner's to say.
    awaitWriteInVain("SET why");
    assertThat(second.migration(id).path("alarm").asBoolean()).isFalse();
    second.freezer().thaw();
    assertCompletedOnce(second, id);
  }

  @Test
  void a_server_that_stood_still_before_it_journalled_has_lost_the_move_and_orders_nothing()
      throws Exception {
    // The first saw that it had arrived; the second has committed that.
    InstanceId id = overtakenAt("Observe", When.AFTER, "FenceSource");

    relay.mend();
    first.freezer().thaw();

    awaitWriteInVain("SET phase");
    assertThat(transitions(second, id)).endsWith("TRANSFER", "COMMIT");
    assertThat(world.ordered(id)).doesNotContain("FenceSource");
    assertThat(world.stale(id)).isEmpty();
    second.freezer().thaw();
    assertCompletedOnce(second, id);
  }

  /** The first stands still at a call, and the second, which took the move, before a later one. */
  private InstanceId overtakenAt(String call, When when, String later) throws Exception {
    countWritesInVain();
    InstanceId id = first.instance("vm1", "host1", "2");
    // Else it may be the one that finds it first.
    second.kill();
    first.freezer().at(id, call, when);
    assertThat(first.migrate(id, "host2").status()).isEqualTo(202);
    first.freezer().awaitAll();
    second.startAgain();
    second.freezer().at(id, later, When.BEFORE);
    relay.freeze();
    second.freezer().awaitAll();
    return id;
  }

  /** PostgreSQL notes each change of a migration that no row was fit for. */
  private void countWritesInVain() {
    Sql.run(
        address,
        "CREATE TABLE in_vain (statement TEXT)",
        """
        CREATE FUNCTION in_vain() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO in_vain SELECT current_query() WHERE NOT EXISTS (SELECT 1 FROM changed);
          RETURN NULL;
        END $$
        """,
        """
        CREATE TRIGGER in_vain AFTER UPDATE ON migrations REFERENCING NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION in_vain()
        """);
  }

  private void awaitWriteInVain(String what) {
    String count = "SELECT COUNT(*) FROM in_vain WHERE statement LIKE '%" + what + "%'";
    Await.until("a change in vain: " + what, () -> Sql.text(address, count), it -> !it.equals("0"));
  }

  private long epoch(InstanceId id) {
    return Long.parseLong(
        Sql.text(
            address, "SELECT MAX(epoch) FROM migrations WHERE instance_id = '%s'".formatted(id)));
  }

  @Test
  void a_task_of_a_server_that_stands_still_is_carried_out_by_the_other() throws Exception {
    InstanceId id = first.instance("vm1", "host1", "2");
    first.freezer().at(id, "Power", When.BEFORE);
    assertThat(first.admin().post("/v2.1/servers/" + id + "/action", "{'os-stop': null}").status())
        .isEqualTo(202);
    first.freezer().awaitAll();

    relay.freeze();
    second.awaitStatus(id, "SHUTOFF");
    assertThat(world.runningOn(id)).isEmpty();
  }

  @Test
  void a_database_that_goes_away_in_the_copy_and_returns_costs_time_only() {
    InstanceId id = copying(first);

    postgresql.cluster().crash();
    world.finishCopies();
    assertThat(second.admin().get("/v2.1/servers").status()).isEqualTo(503);
    assertThat(first.migrate(id, "host1").status()).isEqualTo(503);
    postgresql.cluster().start();

    assertCompletedOnce(second, id);
    assertThat(first.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void a_move_goes_its_way_once_whatever_commits_get_lost() {
    relay.loseEach(5);
    InstanceId id = second.instance("vm1", "host1", "2");
    // Asked of the one whose commits get lost, until it is known to be taken in.
    Await.until(
        "a move",
        () -> {
          int status = first.migrate(id, "host2").status();
          return status == 202 || !second.migration(id).isMissingNode();
        },
        accepted -> accepted);

    JsonNode ended = second.awaitEnd(id);
    relay.loseEach(0);

    assertThat(ended.path("status").asText()).as(ended.toPrettyString()).isEqualTo("completed");
    assertThat(relay.lost()).isGreaterThan(1);
    assertThat(transitions(second, id)).isEqualTo(WHOLE_WAY);
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  @Test
  void a_name_that_a_living_server_has_is_refused() {
    assertThatThrownBy(() -> rig("one", address))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("server.name")
        .hasMessageContaining("Give one of them another name");
    assertThat(first.admin().get("/v2.1/servers").status()).isEqualTo(200);
  }

  @Test
  void a_server_started_again_takes_its_own_moves_up_at_once_though_it_left_no_word() {
    InstanceId id = copying(first);
    long before = epoch(id);
    // As kill -9 leaves it: its connections end, and its row stays.
    relay.cut();
    Rig again = start("one", address);
    try {
      Await.until("another owner", () -> epoch(id), epoch -> epoch > before);
      world.finishCopies();
      assertCompletedOnce(again, id);
    } finally {
      again.close();
    }
  }

  private Rig start(String name, DatabaseAddress database) {
    try {
      return rig(name, database);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
