package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import dev.godwit.server.fake.Freezer.When;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that dies at any point of a migration, and the next one on the same file. */
final class KilledServerTest {
  private static final List<String> FORWARD =
      List.of(
          "Describe",
          "Assess",
          "Depart",
          "PrepareDirectories",
          "PrepareDisks",
          "DisarmAutostart",
          "StartTransfer",
          "Observe",
          "FenceSource",
          "RunAtDestination",
          "ClearSourceDefinition",
          "ClearSourceFiles",
          "OwnDestinationFiles");
  private static final List<String> BACK =
      List.of("ClearDestinationDomain", "ClearDestinationFiles", "RestoreSource");

  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;

  @BeforeEach
  void start() {
    world = new FakeWorld("host1", "host2");
    world.memoryMib("host1", 100_000);
    world.memoryMib("host2", 100_000);
    rig = Rig.start(folder, world);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** A guest whose move to host2 stands still there. */
  private InstanceId frozenAt(String call, When when) throws InterruptedException {
    InstanceId id = rig.instance("vm1", "host1", "2");
    rig.freezer().at(id, call, when);
    assertThat(rig.migrate(id, "host2").status()).isEqualTo(202);
    rig.freezer().awaitAll();
    return id;
  }

  private void arrives(InstanceId id) {
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  private Map<InstanceId, String> frozenAt(List<String> calls) throws InterruptedException {
    Map<InstanceId, String> points = new LinkedHashMap<>();
    for (String call : calls) {
      for (When when : When.values()) {
        InstanceId id = rig.instance("vm-" + points.size(), "host1", "2");
        rig.freezer().at(id, call, when);
        points.put(id, when + " " + call);
        assertThat(rig.migrate(id, "host2").status()).isEqualTo(202);
      }
    }
    rig.freezer().awaitAll();
    return points;
  }

  @Test
  void whatever_a_move_was_about_to_do_or_had_done_it_goes_on_and_ends() throws Exception {
    Map<InstanceId, String> points = frozenAt(FORWARD);

    rig.kill();
    rig.startAgain();

    assertSoftly(softly ->
        points.forEach((id, point) -> {
          JsonNode ended = rig.awaitEnd(id);
          softly.assertThat(ended.path("status").asText()).as(point).isEqualTo("completed");
          softly.assertThat(world.runningOn(id)).as(point).containsExactly("host2");
          softly.assertThat(world.tracesOn("host1", id)).as(point).isEmpty();
          softly
              .assertThat(world.tracesOn("host2", id))
              .as(point)
              .containsExactly("domain", "/local/" + id + "/vda");
          JsonNode server = rig.server(id);
          softly
              .assertThat(server.path("OS-EXT-SRV-ATTR:host").asText())
              .as(point)
              .isEqualTo("host2");
          softly.assertThat(server.path("status").asText()).as(point).isEqualTo("ACTIVE");
        }));
  }

  @Test
  void the_story_of_a_move_outlives_the_server_that_was_there() {
    InstanceId id = rig.instance("vm", "host1", "2");
    assertThat(rig.migrate(id, "host2").status()).isEqualTo(202);
    String number = rig.awaitEnd(id).path("number").asText();
    JsonNode before = rig.admin().get("/godwit/v1/migrations/" + number).json();
    assertThat(before.path("observations"))
        .extracting(seen -> seen.path("host").asText())
        .contains("host1", "host2");

    rig.kill();
    rig.startAgain();

    JsonNode after = rig.admin().get("/godwit/v1/migrations/" + number).json();
    assertThat(after.path("observations")).isEqualTo(before.path("observations"));
    assertThat(after.path("journal")).isEqualTo(before.path("journal"));
  }

  @Test
  void whatever_a_rollback_was_about_to_do_or_had_done_it_goes_on_and_ends() throws Exception {
    world.failCopies();
    Map<InstanceId, String> points = frozenAt(BACK);

    rig.kill();
    rig.startAgain();

    assertSoftly(softly ->
        points.forEach((id, point) -> {
          JsonNode ended = rig.awaitEnd(id);
          softly.assertThat(ended.path("status").asText()).as(point).isEqualTo("failed");
          softly.assertThat(world.runningOn(id)).as(point).containsExactly("host1");
          softly.assertThat(world.tracesOn("host2", id)).as(point).isEmpty();
          softly
              .assertThat(world.tracesOn("host1", id))
              .as(point)
              .containsExactly("domain", "/local/" + id + "/vda");
          softly.assertThat(rig.server(id).path("status").asText()).as(point).isEqualTo("ACTIVE");
        }));
  }

  @Test
  void a_task_that_nobody_carries_out_is_taken_up_by_the_same_server() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    // As a trouble of the database leaves it, between a task and its end.
    Sql.run(rig.database(), "UPDATE instances SET task_state = 'POWERING_OFF'");

    rig.awaitStatus(id, "SHUTOFF");

    assertThat(world.runningOn(id)).isEmpty();
  }

  @Test
  void a_move_that_was_only_planned_is_prepared_by_the_next_server() throws Exception {
    InstanceId id = frozenAt("PrepareDirectories", When.BEFORE);
    rig.kill();
    // As the file was one journal entry earlier, which no call to a host can be frozen between.
    Sql.run(
        rig.database(),
        "UPDATE migrations SET phase = 'PLANNED', step = NULL",
        "DELETE FROM journal WHERE transition = 'PREPARE'");

    rig.startAgain();

    arrives(id);
  }

  @Test
  void a_move_whose_database_lost_the_newest_entry_and_epochs_goes_on() throws Exception {
    InstanceId id = frozenAt("StartTransfer", When.AFTER);
    rig.kill();
    // As a standby has it that was promoted before it had heard of them.
    Sql.run(
        rig.database(),
        "UPDATE migrations SET phase = 'PREPARING', step = 'SOURCE_AUTOSTART', epoch = 1",
        "DELETE FROM journal WHERE transition = 'TRANSFER'");

    rig.startAgain();

    arrives(id);
  }

  @Test
  void a_server_that_lives_while_its_record_falls_back_does_not_take_an_answer_for_another_step()
      throws Exception {
    InstanceId id = frozenAt("DisarmAutostart", When.AFTER);
    Sql.run(
        rig.database(),
        "UPDATE migrations SET phase = 'PREPARING', step = 'DESTINATION_DIRECTORIES'",
        "DELETE FROM journal WHERE transition = 'PREPARE_NEXT'");
    rig.freezer().at(id, "PrepareDirectories", When.BEFORE);

    rig.freezer().thaw(id, "DisarmAutostart", When.AFTER);

    rig.freezer().awaitAll();
    rig.freezer().thaw();
    arrives(id);
  }

  @Test
  void a_server_whose_order_is_refused_as_older_than_what_a_host_has_seen_takes_a_later_epoch()
      throws Exception {
    InstanceId id = frozenAt("PrepareDisks", When.BEFORE);
    world.sawALaterEpoch("host2");

    rig.freezer().thaw();

    arrives(id);
  }

  @Test
  void a_server_that_was_away_for_long_waits_for_the_hosts_before_it_refuses_them()
      throws Exception {
    InstanceId id = frozenAt("Describe", When.BEFORE);
    rig.kill();
    world.answers("host1", false);
    world.answers("host2", false);
    rig.clock().forward(Duration.ofMinutes(5));

    rig.startAgain();
    assertThat(rig.migration(id).path("phase").asText()).isEqualTo("ACCEPTED");
    world.answers("host1", true);
    world.answers("host2", true);

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void the_journal_tells_the_whole_way_once_in_order_under_growing_epochs() throws Exception {
    InstanceId id = frozenAt("FenceSource", When.AFTER);
    rig.kill();
    rig.startAgain();
    String migration = rig.awaitEnd(id).path("id").asText();

    JsonNode journal = rig.admin().get("/godwit/v1/migrations/" + migration).json().path("journal");

    List<String> transitions = new ArrayList<>();
    List<Long> epochs = new ArrayList<>();
    journal.forEach(entry -> {
      transitions.add(entry.path("transition").asText());
      epochs.add(entry.path("epoch").asLong());
    });
    assertThat(transitions)
        .containsExactly(
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
    assertThat(epochs).isSorted();
    assertThat(epochs.getLast()).isGreaterThan(epochs.getFirst());
  }

  @Test
  void tasks_outside_migrations_are_taken_up_and_their_outcome_is_recorded() throws Exception {
    InstanceId stopped = rig.instance("vm1", "host1", "2");
    InstanceId deleted = rig.instance("vm2", "host1", "2");
    rig.freezer().at(stopped, "Power", When.BEFORE);
    rig.freezer().at(deleted, "Delete", When.AFTER);
    rig.admin().post("/v2.1/servers/" + stopped + "/action", "{'os-stop': null}");
    rig.admin().delete("/v2.1/servers/" + deleted);
    rig.freezer().awaitAll();
    rig.kill();

    rig.startAgain();

    rig.awaitStatus(stopped, "SHUTOFF");
    assertThat(world.runningOn(stopped)).isEmpty();
    Await.until(
        "the deleted one gone",
        () -> rig.admin().get("/v2.1/servers/" + deleted).status(),
        status -> status == 404);
    Client admin = rig.admin().at("2.51");
    String actions = "/v2.1/servers/" + stopped + "/os-instance-actions";
    String request = admin.get(actions).text("/instanceActions/0/request_id");
    assertThat(admin.get(actions + "/" + request).text("/instanceAction/events/0/result"))
        .isEqualTo("Success");
  }
}
