package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that somebody knows to be dead, through the real API, conductor and database. */
final class HostFenceTest {
  private static final String POWERED_OFF = "{'powered_off': true, 'reason': 'its PDU says so'}";

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

  private Client.Answer fence(String host, String body) {
    return rig.admin().post("/godwit/v1/hosts/" + host + "/fence", body);
  }

  private JsonNode host(String name) {
    for (JsonNode host : rig.admin().get("/godwit/v1/hosts").json().path("hosts")) {
      if (host.path("name").asText().equals(name)) {
        return host;
      }
    }
    throw new AssertionError("no host " + name);
  }

  private void dies(String host) {
    world.answers(host, false);
    rig.clock().forward(Duration.ofSeconds(30));
  }

  /** What it announced last may still be on its way. */
  private void fenced(String host) {
    int _ =
        Await.until(
            "the fence",
            () -> {
              rig.clock().forward(Duration.ofSeconds(30));
              return fence(host, POWERED_OFF).status();
            },
            it -> it == 200);
  }

  private JsonNode awaitRest(InstanceId id) {
    return Await.until(
        "nothing owed",
        () -> rig.migration(id),
        it -> it.path("owed").isEmpty() && it.path("phase").asText().equals("COMPLETED"));
  }

  /** From host1 to host2; what has to be done at host1 is owed. */
  private InstanceId movedAwayFromTheDead() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "FenceSource", "busy");
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "SETTLING");
    dies("host1");
    fenced("host1");
    rig.awaitEnd(id);
    return id;
  }

  @Test
  void a_host_that_answers_is_not_taken_for_dead() {
    rig.instance("vm1", "host1", "2");

    Client.Answer answer = fence("host1", POWERED_OFF);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("/conflictingRequest/message")).contains("switched off");
    assertThat(host("host1").path("fenced").isNull()).isTrue();
  }

  @Test
  void without_the_word_that_it_is_switched_off_nothing_is_recorded() {
    rig.instance("vm1", "host1", "2");
    dies("host1");

    assertThat(fence("host1", "{'powered_off': false}").status()).isEqualTo(400);
    assertThat(fence("host1", "{'reason': 'a guess'}").status()).isEqualTo(400);
    assertThat(fence("host1", "{'powered_off': true, 'because': 'no'}").status()).isEqualTo(400);
    assertThat(fence("host9", POWERED_OFF).status()).isEqualTo(404);
    assertThat(host("host1").path("fenced").isNull()).isTrue();
  }

  @Test
  void only_operators_may_say_so() {
    rig.instance("vm1", "host1", "2");
    dies("host1");

    assertThat(rig.user("alice").post("/godwit/v1/hosts/host1/fence", POWERED_OFF).status())
        .isEqualTo(403);
  }

  @Test
  void a_move_that_waits_for_its_dead_source_ends_and_is_tidied_up_when_that_is_back() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "TRANSFERRING");
    world.refuse("host1", "FenceSource", "busy");
    world.finishCopies();
    rig.awaitPhase(id, "SETTLING");
    dies("host1");

    fenced("host1");
    JsonNode ended = rig.awaitEnd(id);

    assertThat(ended.path("status").asText()).isEqualTo("completed");
    assertThat(ended.path("owed").findValuesAsText("host")).containsOnly("host1");
    assertThat(ended.path("owed").findValuesAsText("step"))
        .containsExactly("SOURCE_DEFINITION", "SOURCE_FILES");
    assertThat(host("host1").at("/fenced/by").asText()).isEqualTo("admin");
    assertThat(host("host1").at("/fenced/reason").asText()).isEqualTo("its PDU says so");
    Await.until(
        "what is waited for",
        () -> rig.migration(id),
        it -> it.path("why").asText().contains("SOURCE_FILES waits for host1"));

    world.allow("host1", "FenceSource");
    world.answers("host1", true);
    JsonNode tidied = awaitRest(id);

    assertThat(tidied.path("status").asText()).isEqualTo("completed");
    assertThat(tidied.path("ended_at")).isEqualTo(ended.path("ended_at"));
    assertThat(world.tracesOn("host1", id)).isEmpty();
    assertThat(world.runningOn(id)).containsExactly("host2");
    assertThat(host("host1").path("fenced").isNull()).isTrue();
  }

  @Test
  void the_guest_moves_on_while_its_old_host_owes_but_not_to_it() {
    InstanceId id = movedAwayFromTheDead();

    rig.migrate(id, "host3");
    JsonNode second = rig.awaitEnd(id);

    assertThat(second.path("status").asText()).isEqualTo("completed");
    assertThat(world.runningOn(id)).containsExactly("host3");
    rig.migrate(id, "host1");
    JsonNode refused = rig.awaitEnd(id);
    assertThat(refused.path("status").asText()).isEqualTo("error");
    assertThat(refused.at("/refusals").findValuesAsText("code")).contains("nothing-owed");

    world.allow("host1", "FenceSource");
    world.answers("host1", true);
    Await.until("nothing left there", () -> world.tracesOn("host1", id), List::isEmpty);
    assertThat(world.runningOn(id)).containsExactly("host3");
  }

  @Test
  void a_guest_that_was_deleted_meanwhile_leaves_nothing_on_its_old_host() {
    InstanceId id = movedAwayFromTheDead();
    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);
    Await.until("it to be deleted", () -> world.tracesOn("host2", id), List::isEmpty);

    world.allow("host1", "FenceSource");
    world.answers("host1", true);

    Await.until("nothing left there", () -> world.tracesOn("host1", id), List::isEmpty);
  }

  @Test
  void another_server_goes_on_with_what_a_dead_host_owes() {
    InstanceId id = movedAwayFromTheDead();

    rig.kill();
    world.allow("host1", "FenceSource");
    rig.startAgain();
    world.answers("host1", true);

    awaitRest(id);
    assertThat(world.tracesOn("host1", id)).isEmpty();
  }

  private Client.Answer rule(InstanceId id, String body) {
    return rig.admin()
        .post(
            "/godwit/v1/migrations/%d/ruling".formatted(rig.migration(id).path("number").asLong()),
            body);
  }

  /** It shut down, here or on a host that died: nobody can tell. */
  private InstanceId lost() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "TRANSFERRING");
    dies("host2");
    world.shutDown(id);
    assertThat(rule(id, "{'home': 'host1', 'reason': 'too early'}").status()).isEqualTo(409);
    fenced("host2");
    Await.until(
        "it to be held",
        () -> rig.migration(id),
        it -> it.path("why").asText().contains("godwit migration rule"));
    return id;
  }

  @Test
  void a_guest_that_is_off_on_both_hosts_lives_where_an_operator_says() {
    InstanceId id = lost();

    JsonNode held = rig.migration(id);
    assertThat(held.path("alarm").asBoolean()).isTrue();
    assertThat(held.path("way_out").toString())
        .isEqualTo("{\"because\":\"LOST\",\"end\":[],\"home\":[\"host1\"],\"resume\":[]}");
    assertThat(rule(id, "{'home': 'host1', 'reason': 'its disk is the newer one'}").status())
        .isEqualTo(202);

    JsonNode ended = rig.awaitEnd(id);
    assertThat(ended.path("way_out").toString())
        .isEqualTo("{\"because\":\"\",\"end\":[],\"home\":[],\"resume\":[]}");
    assertThat(ended.path("status").asText()).isEqualTo("failed");
    assertThat(ended.at("/refusals").findValuesAsText("code")).contains("ruled");
    assertThat(ended.at("/refusals").findValuesAsText("found").getFirst())
        .contains("admin said that its disks on host1 are the ones: its disk is the newer one");
    assertThat(ended.at("/ruling/home").asText()).isEqualTo("host1");
    assertThat(ended.path("owed").findValuesAsText("host")).containsOnly("host2");
    JsonNode server = rig.awaitStatus(id, "SHUTOFF");
    assertThat(server.path("OS-EXT-SRV-ATTR:host").asText()).isEqualTo("host1");
  }

  @Test
  void a_ruling_that_makes_no_sense_changes_nothing() {
    InstanceId id = lost();

    assertThat(rule(id, "{'home': 'host3', 'reason': 'a guess'}").status()).isEqualTo(400);
    assertThat(rule(id, "{'home': 'host1'}").status()).isEqualTo(400);
    assertThat(rule(id, "{'home': 'host1', 'reason': 'x', 'by': 'me'}").status()).isEqualTo(400);
    assertThat(
            rig.user("alice")
                .post("/godwit/v1/migrations/1/ruling", "{'home': 'host1', 'reason': 'I say so'}")
                .status())
        .isEqualTo(403);
    assertThat(rig.migration(id).path("ruling").isNull()).isTrue();
    // A host that cannot be looked at is not asked for.
    assertThat(rule(id, "{'home': 'host2', 'reason': 'it ran there'}").status()).isEqualTo(409);
    assertThat(rig.migration(id).path("ruling").isNull()).isTrue();
  }
}
