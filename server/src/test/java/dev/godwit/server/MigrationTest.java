package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.server.fake.FakeGuests;
import dev.godwit.server.fake.FakeWorld;
import dev.godwit.server.fake.Freezer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations through the real API, conductor and database. */
final class MigrationTest {
  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;

  @BeforeEach
  void start() {
    world = new FakeWorld("host1", "host2", "host3");
    rig = Rig.start(folder, world);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void a_guest_moves_and_nothing_is_left_behind() {
    InstanceId id = rig.instance("vm1", "host1", "2");

    assertThat(rig.migrate(id, "host2").status()).isEqualTo(202);
    JsonNode ended = rig.awaitEnd(id);

    assertThat(ended.path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host2");
    assertThat(world.tracesOn("host1", id)).isEmpty();
    assertThat(world.tracesOn("host2", id)).containsExactly("domain", "/local/" + id + "/vda");
    JsonNode server = rig.server(id);
    assertThat(server.path("OS-EXT-SRV-ATTR:host").asText()).isEqualTo("host2");
    assertThat(server.path("OS-EXT-SRV-ATTR:hypervisor_hostname").asText())
        .isEqualTo("host2.example");
    assertThat(server.path("OS-EXT-STS:task_state").isNull()).isTrue();
    assertThat(server.path("status").asText()).isEqualTo("ACTIVE");
  }

  private String action(InstanceId id) {
    return "/v2.1/servers/" + id + "/action";
  }

  private Client.Answer abort(InstanceId id) {
    return rig.admin()
        .at("2.65")
        .delete("/v2.1/servers/" + id + "/migrations/" + rig.migration(id).path("number").asLong());
  }

  private void assertStayed(InstanceId id) {
    assertThat(world.runningOn(id)).containsExactly("host1");
    assertThat(world.tracesOn("host2", id)).isEmpty();
    assertThat(world.tracesOn("host1", id)).containsExactly("domain", "/local/" + id + "/vda");
    JsonNode server = rig.server(id);
    assertThat(server.path("status").asText()).isEqualTo("ACTIVE");
    assertThat(server.path("OS-EXT-SRV-ATTR:host").asText()).isEqualTo("host1");
  }

  @Test
  void a_refused_move_touches_nothing_and_tells_the_reason_for_every_host() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.incompatible("host2");
    world.incompatible("host3");

    assertThat(
            rig.admin()
                .at("2.68")
                .post(action(id), "{'os-migrateLive': {'host': null, 'block_migration': 'auto'}}")
                .status())
        .isEqualTo(202);
    JsonNode ended = rig.awaitEnd(id);

    assertThat(ended.path("status").asText()).isEqualTo("error");
    assertThat(ended.at("/refusals").findValuesAsText("code")).containsOnly("cpu");
    assertThat(ended.at("/refusals").findValuesAsText("subject"))
        .containsExactlyInAnyOrder("host2", "host3");
    assertThat(world.ordered(id)).isEmpty();
    assertStayed(id);
  }

  @Test
  void a_disk_that_its_source_would_keep_is_told_before_anything_is_made() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.keep("host1", "/local/" + id + "/vda");

    rig.migrate(id, "host2");
    JsonNode ended = rig.awaitEnd(id);

    assertThat(ended.path("status").asText()).isEqualTo("error");
    assertThat(ended.at("/refusals").findValuesAsText("code")).containsExactly("disk-owned");
    assertThat(ended.at("/refusals/0/found").asText()).contains("no marker beside it");
    assertThat(world.ordered(id)).isEmpty();
    assertStayed(id);
  }

  @Test
  void a_destination_that_the_source_does_not_reach_is_passed_over() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.cut("host1", "host2");

    rig.migrate(id, "host2");
    JsonNode refused = rig.awaitEnd(id);

    assertThat(refused.path("status").asText()).isEqualTo("error");
    assertThat(refused.at("/refusals").findValuesAsText("code")).containsExactly("link");
    assertThat(world.ordered(id)).isEmpty();
    assertStayed(id);

    assertThat(
            rig.admin()
                .at("2.68")
                .post(action(id), "{'os-migrateLive': {'host': null, 'block_migration': 'auto'}}")
                .status())
        .isEqualTo(202);
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host3");
  }

  @Test
  void a_prepare_that_is_refused_is_undone() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host2", "PrepareDisks", "no-space");

    rig.migrate(id, "host2");
    JsonNode ended = rig.awaitEnd(id);

    assertThat(ended.path("status").asText()).isEqualTo("failed");
    assertThat(ended.at("/refusals/0/code").asText()).isEqualTo("no-space");
    assertStayed(id);
  }

  @Test
  void a_copy_that_fails_is_undone_and_the_next_one_may_succeed() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.failCopies();

    rig.migrate(id, "host2");

    assertThat(rig.awaitEnd(id).at("/refusals/0/found").asText()).contains("the network broke");
    assertStayed(id);
  }

  @Test
  void it_can_be_aborted_before_and_during_the_copy_but_not_after_the_commit() {
    InstanceId preparing = rig.instance("vm1", "host1", "2");
    InstanceId copying = rig.instance("vm2", "host1", "2");
    InstanceId settling = rig.instance("vm3", "host1", "2");
    world.holdCopies();
    rig.migrate(copying, "host2");
    rig.awaitPhase(copying, "TRANSFERRING");
    assertThat(abort(copying).status()).isEqualTo(202);
    assertThat(rig.awaitEnd(copying).path("status").asText()).isEqualTo("cancelled");
    assertStayed(copying);

    world.answers("host1", false);
    rig.migrate(preparing, "host2");
    // Its source is silent, so that it waits to be planned.
    assertThat(abort(preparing).status()).isEqualTo(202);
    world.answers("host1", true);
    assertThat(rig.awaitEnd(preparing).path("status").asText()).isEqualTo("cancelled");
    assertStayed(preparing);

    world.refuse("host1", "ClearSourceFiles", "busy");
    world.finishCopies();
    rig.migrate(settling, "host2");
    rig.awaitPhase(settling, "SETTLING");
    Client.Answer late = abort(settling);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.text("/conflictingRequest/message")).contains("too late");
    world.allow("host1", "ClearSourceFiles");
    assertThat(rig.awaitEnd(settling).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void a_forced_end_completes_a_copy_that_would_go_on() {
    InstanceId id = copying();

    assertThat(force(id).status()).isEqualTo(202);

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.ordered(id)).contains("PauseToComplete");
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  @Test
  void a_guest_that_arrives_while_a_push_is_not_answered_is_committed_all_the_same() {
    InstanceId id = copying();
    rig.freezer().at(id, "PauseToComplete", Freezer.When.AFTER);

    assertThat(force(id).status()).isEqualTo(202);

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  @Test
  void a_clean_up_that_is_refused_for_ever_stays_an_alarm_and_is_recorded_once() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "ClearSourceFiles", "busy");
    rig.migrate(id, "host2");
    JsonNode alarmed =
        Await.until("an alarm", () -> rig.migration(id), it -> it.path("alarm").asBoolean());
    long before = world.refused(id);
    String written = written(id);

    List<JsonNode> reads = new ArrayList<>();
    Await.until(
        "three more refusals",
        () -> {
          reads.add(rig.migration(id));
          return world.refused(id);
        },
        count -> count >= before + 3);

    assertThat(alarmed.path("why").asText()).contains("busy");
    // The same record: not written again, neither without the alarm nor with other words.
    assertThat(reads).hasSizeGreaterThan(3).containsOnly(alarmed);
    assertThat(written(id)).isEqualTo(written);
  }

  private String written(InstanceId id) {
    return Sql.text(
        rig.database(), "SELECT updated_at FROM migrations WHERE instance_id = '%s'".formatted(id));
  }

  @Test
  void a_push_that_fails_in_the_server_itself_is_told_and_made_again() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    world.breakDown("host1", "PauseToComplete");
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "TRANSFERRING");

    assertThat(force(id).status()).isEqualTo(202);
    Await.until(
        "word of it",
        () -> rig.migration(id).path("why").asText(),
        why -> why.contains("PauseToComplete breaks down"));
    world.allow("host1", "PauseToComplete");

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  /** A guest in the midst of a copy from host1 to host2 that does not end by itself. */
  private InstanceId copying() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "TRANSFERRING");
    return id;
  }

  @Test
  void a_copy_that_takes_longer_than_the_configuration_allows_is_aborted() {
    InstanceId id = copying();

    // 800 s for each of 2 GiB at least.
    rig.clock().forward(Duration.ofMinutes(25));
    assertThat(rig.migration(id).path("phase").asText()).isEqualTo("TRANSFERRING");
    assertThat(rig.migration(id).at("/wishes/abort").asBoolean()).isFalse();
    rig.clock().forward(Duration.ofMinutes(3));

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
    assertStayed(id);
  }

  private Client.Answer force(InstanceId id) {
    return rig.admin()
        .at("2.22")
        .post(
            "/v2.1/servers/"
                + id
                + "/migrations/"
                + rig.migration(id).path("number").asLong()
                + "/action",
            "{'force_complete': null}");
  }

  @Test
  void a_destination_that_falls_silent_in_the_copy_is_waited_for_and_nothing_is_undone() {
    InstanceId id = copying();

    world.answers("host2", false);
    world.finishCopies();
    JsonNode waiting =
        Await.until(
            "word of the silence",
            () -> rig.migration(id),
            it -> it.path("why").asText().contains("the destination is not known"));
    assertThat(waiting.path("phase").asText()).isEqualTo("TRANSFERRING");
    assertThat(world.runningOn(id)).containsExactly("host2");

    world.answers("host2", true);
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.tracesOn("host1", id)).isEmpty();
  }

  @Test
  void a_delete_during_the_copy_takes_the_guest_back_and_removes_it_everywhere() {
    InstanceId id = copying();

    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);

    assertGone(id);
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void a_delete_after_the_commit_finds_the_guest_where_it_went() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "ClearSourceFiles", "busy");
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "SETTLING");

    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);
    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);
    world.allow("host1", "ClearSourceFiles");

    assertGone(id);
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  private void assertGone(InstanceId id) {
    Await.until(
        "the end of the instance",
        () -> rig.admin().get("/v2.1/servers/" + id).status(),
        status -> status == 404);
    assertThat(world.runningOn(id)).isEmpty();
    assertThat(world.tracesOn("host1", id)).isEmpty();
    assertThat(world.tracesOn("host2", id)).isEmpty();
  }

  @Test
  void an_owners_wish_right_after_the_commit_waits_for_the_guest_to_arrive() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "FenceSource", "not-now");
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "SETTLING");

    assertThat(rig.admin().post(action(id), "{'os-stop': null}").status()).isEqualTo(202);
    assertThat(rig.server(id).path("OS-EXT-STS:task_state").asText()).isEqualTo("powering-off");
    assertThat(world.runningOn(id)).containsExactly("host2");
    world.allow("host1", "FenceSource");

    rig.awaitStatus(id, "SHUTOFF");
    assertThat(world.runningOn(id)).isEmpty();
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void a_foreign_domain_is_adopted_moved_deleted_and_adopted_again() {
    InstanceId id = new InstanceId(UUID.randomUUID());
    world.foreign("host1", new FakeGuests.Foreign(id, "stranger", 128));
    String body = "{'host': 'host1', 'uuid': '%s'}".formatted(id);

    assertThat(rig.admin().post("/godwit/v1/guests/adopt", body).status()).isEqualTo(200);
    // Again, so that disks which the guest got since are marked as its own.
    assertThat(rig.admin().post("/godwit/v1/guests/adopt", body).status()).isEqualTo(200);
    rig.migrate(id, "host2");
    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    rig.admin().delete("/v2.1/servers/" + id);
    assertGone(id);

    world.foreign("host1", new FakeGuests.Foreign(id, "stranger", 128));
    assertThat(rig.admin().post("/godwit/v1/guests/adopt", body).status()).isEqualTo(200);
    assertThat(world.runningOn(id)).containsExactly("host1");
  }

  @Test
  void a_host_that_announces_itself_while_the_others_are_asked_is_looked_at_again()
      throws Exception {
    InstanceId id = rig.instance("vm1", "host1", "2");
    rig.freezer().at(id, "Describe", Freezer.When.BEFORE);
    rig.admin()
        .at("2.68")
        .post(action(id), "{'os-migrateLive': {'host': null, 'block_migration': 'auto'}}");
    rig.freezer().awaitAll();
    rig.kill();
    world.answers("host2", false);
    world.incompatible("host3");
    rig.clock().forward(Duration.ofMinutes(5));
    rig.startAgain();
    rig.freezer().at(id, "Assess", Freezer.When.BEFORE);
    rig.freezer().awaitAll();

    world.answers("host2", true);
    Await.until(
        "the announcement",
        () -> rig.admin().get("/godwit/v1/hosts").json().at("/hosts/1/up").asBoolean(),
        up -> up);
    rig.freezer().thaw();

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  /** Without the source's proof its candidates would be judged wrongly, and for good. */
  @Test
  void a_source_that_is_silent_when_it_is_to_prove_what_is_shared_is_asked_again() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.ignore("host1", "WriteMarkers");
    rig.migrate(id, "host2");
    Await.until(
        "the wait for the source",
        () -> rig.migration(id),
        it -> it.path("why").asText().contains("host1 is silent"));
    assertThat(phase(id)).isEqualTo("ACCEPTED");

    world.allow("host1", "WriteMarkers");

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("completed");
    assertThat(world.proofs("host1")).isZero();
  }

  @Test
  void a_move_that_was_never_planned_by_the_record_ends_the_copy_that_its_source_tells_of() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.ignore("host1", "WriteMarkers");
    rig.migrate(id, "host2");
    Await.until(
        "the wait for the source",
        () -> rig.migration(id),
        it -> it.path("why").asText().contains("host1 is silent"));
    world.remembersACopy("host1", MigrationId.of(rig.migration(id).path("id").asText()));

    assertThat(abort(id).status()).isEqualTo(202);

    assertThat(rig.awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
    assertThat(world.ordered(id)).containsExactly("AbortTransfer");
    assertStayed(id);
  }

  @Test
  void a_source_that_cannot_prove_what_is_shared_refuses_by_its_own_reason() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "WriteMarkers", "marker");
    rig.migrate(id, "host2");

    assertThat(rig.awaitEnd(id).at("/refusals").findValuesAsText("code")).containsExactly("marker");
    assertThat(world.runningOn(id)).containsExactly("host1");
  }

  /** To host2, which has room for one; the copy of the other is held. */
  private void moveBothAtOnceUntilOneIsRefused(InstanceId first, InstanceId second) {
    world.holdCopies();

    rig.migrate(first, "host2");
    rig.migrate(second, "host2");
    Await.until(
        "one of them refused",
        () -> List.of(phase(first), phase(second)),
        phases -> phases.contains("FAILED"));
  }

  @Test
  void many_moves_to_a_host_claim_no_more_than_there_is() {
    // 8192 MiB by 1.5 is room for two of 6000 MiB at the most, of which one lives there.
    InstanceId resident = rig.instance("vm0", "host2", "3");
    InstanceId first = rig.instance("vm1", "host1", "3");
    InstanceId second = rig.instance("vm2", "host3", "3");
    moveBothAtOnceUntilOneIsRefused(first, second);
    world.finishCopies();

    assertThat(List.of(status(first), status(second)))
        .containsExactlyInAnyOrder("completed", "error");
    assertThat(world.runningOn(resident)).containsExactly("host2");
  }

  @Test
  void many_moves_to_a_host_claim_no_more_vcpus_than_there_are() {
    world.vcpus("host2", 1);
    // 16 vCPUs of one CPU: room for 4 of 4 each, of which three live there.
    world.memoryMib("host2", 100_000);
    Await.until(
        "the host to tell of its one CPU",
        () -> rig.admin().get("/godwit/v1/hosts").json().at("/hosts/1/free_vcpus").asLong(),
        free -> free == 16);
    for (int i = 0; i < 3; i++) {
      rig.instance("resident" + i, "host2", "3");
    }
    InstanceId first = rig.instance("vm1", "host1", "3");
    InstanceId second = rig.instance("vm2", "host3", "3");
    moveBothAtOnceUntilOneIsRefused(first, second);
    InstanceId refused = phase(first).equals("FAILED") ? first : second;
    world.finishCopies();

    assertThat(List.of(status(first), status(second)))
        .containsExactlyInAnyOrder("completed", "error");
    assertThat(rig.migration(refused).at("/refusals").findValuesAsText("code"))
        .containsExactly("vcpus");
    assertThat(rig.migration(refused).at("/refusals/0/found").asText()).isEqualTo("0");
    assertThat(world.ordered(refused)).isEmpty();
  }

  @Test
  void of_two_copies_that_fit_only_one_by_one_the_second_is_refused_or_goes_elsewhere() {
    // Half of each disk of a GiB is in use.
    long half = 1L << 29;
    world.freeBytes("host2", half + half / 2);
    InstanceId first = rig.instance("vm1", "host1", "2");
    InstanceId second = rig.instance("vm2", "host1", "2");
    world.holdCopies();
    rig.migrate(first, "host2");
    rig.migrate(second, "host2");
    Await.until(
        "one of them refused",
        () -> List.of(phase(first), phase(second)),
        phases -> phases.contains("FAILED") && phases.contains("TRANSFERRING"));
    InstanceId refused = phase(first).equals("FAILED") ? first : second;

    assertThat(rig.migration(refused).at("/refusals").findValuesAsText("code"))
        .containsExactly("disk-room");
    assertThat(rig.migration(refused).at("/refusals/0/found").asText())
        .isEqualTo("%d bytes, %d of them claimed by other moves".formatted(half + half / 2, half));
    assertThat(world.ordered(refused)).isEmpty();

    JsonNode plan =
        rig.admin().post("/godwit/v1/plans", "{'instance': '%s'}".formatted(refused)).json();
    assertThat(plan.findValuesAsText("code")).contains("vcpus", "disk-room");
    assertThat(
            rig.admin()
                .at("2.68")
                .post(
                    action(refused),
                    "{'os-migrateLive': {'host': null, 'block_migration': 'auto'}}")
                .status())
        .isEqualTo(202);
    rig.awaitPhase(refused, "TRANSFERRING");
    world.finishCopies();
    assertThat(status(refused)).isEqualTo("completed");
    assertThat(world.runningOn(refused)).containsExactly("host3");
    InstanceId taken = refused.equals(first) ? second : first;
    assertThat(status(taken)).isEqualTo("completed");
    assertThat(world.runningOn(taken)).containsExactly("host2");

    // What is in use is claimed no more.
    world.freeBytes("host2", half);
    rig.migrate(refused, "host2");
    assertThat(status(refused)).isEqualTo("completed");
    assertThat(world.runningOn(refused)).containsExactly("host2");
  }

  private String phase(InstanceId id) {
    return rig.migration(id).path("phase").asText();
  }

  private String status(InstanceId id) {
    return rig.awaitEnd(id).path("status").asText();
  }

  @Test
  void events_tell_a_move_as_it_happens_and_end_with_it() throws Exception {
    InstanceId id = copying();
    String path = "/godwit/v1/migrations/" + rig.migration(id).path("id").asText() + "/events";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(rig.root() + path))
            .header("X-Auth-Token", rig.token())
            .timeout(Duration.ofSeconds(20))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> answer = http.send(request, HttpResponse.BodyHandlers.ofLines());
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      List<String> events = new ArrayList<>();
      answer
          .body()
          .filter(line -> line.startsWith("event: "))
          .forEach(line -> {
            if (events.isEmpty()) {
              world.finishCopies();
            }
            events.add(line.substring("event: ".length()));
          });

      assertThat(events.getFirst()).isEqualTo("migration");
      assertThat(events.getLast()).isEqualTo("end");
      assertThat(events).hasSizeGreaterThan(2);
    }
  }
}
