package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an instance's record when something happens to its guest. */
final class GuestsTest {
  private static final int NO_STATE = 0;

  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;

  @BeforeEach
  void start() {
    world = new FakeWorld("host1", "host2");
    rig = Rig.start(folder, world);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void a_guest_that_somebody_undefines_is_not_called_active_for_long() {
    InstanceId gone = rig.instance("vm1", "host1", "2");
    InstanceId there = rig.instance("vm2", "host1", "2");

    world.undefine("host1", gone);

    assertThat(rig.awaitStatus(gone, "SHUTOFF").path("OS-EXT-STS:power_state").asInt())
        .isEqualTo(NO_STATE);
    assertThat(rig.migrate(gone, "host2").status()).isEqualTo(409);
    assertThat(rig.server(there).path("status").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void a_delete_that_finds_no_domain_tells_which_disks_may_be_left() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.undefine("host1", id);

    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);
    Await.until(
        "the end of the instance",
        () -> rig.admin().get("/v2.1/servers/" + id).status(),
        status -> status == 404);

    assertThat(
            Sql.text(
                rig.database(),
                "SELECT details FROM action_events WHERE event = 'compute_terminate_instance'"))
        .contains("no-domain", "vda (local");
  }

  /** Half of it may be done by then; a guest that came back as a stopped one would be a lie. */
  @ParameterizedTest
  @ValueSource(strings = {Refusals.HOST_TROUBLE, Refusals.TURN_TAKEN})
  void a_delete_that_a_host_cannot_do_now_is_tried_until_it_is_done(String trouble) {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "Delete", trouble);
    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(204);
    Await.until("a refusal", () -> world.asked("host1", "Delete"), times -> times >= 2);
    assertThat(rig.server(id).path("OS-EXT-STS:task_state").asText()).isEqualTo("deleting");

    world.allow("host1", "Delete");

    Await.until(
        "the end of the instance",
        () -> rig.admin().get("/v2.1/servers/" + id).status(),
        status -> status == 404);
    assertThat(world.runningOn(id)).isEmpty();
  }

  @Test
  void a_guest_that_somebody_moves_is_left_alone_until_it_is_taken_over_where_it_runs() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.moveBehind(id, "host1", "host2");
    rig.clock().forward(Duration.ofSeconds(5));
    Await.until(
        "both hosts to tell",
        () -> rig.admin().get("/godwit/v1/hosts").json().path("hosts"),
        hosts ->
            hosts.path(0).path("guests").isEmpty() && hosts.path(1).path("guests").size() == 1);

    // Silence does not bring it back.
    world.answers("host2", false);
    rig.clock().forward(Duration.ofSeconds(10));
    awaitUp("up", "down");

    Client.Answer stop = rig.admin().post("/v2.1/servers/" + id + "/action", "{'os-stop': null}");
    assertThat(stop.text("/conflictingRequest/message")).contains("host2", "vm adopt");
    assertThat(rig.admin().delete("/v2.1/servers/" + id).status()).isEqualTo(409);
    assertThat(rig.server(id).path("status").asText()).isEqualTo("ACTIVE");

    world.answers("host2", true);
    awaitUp("up", "up");
    assertThat(adopt("host2", id).status()).isEqualTo(200);
    assertThat(rig.server(id).path("OS-EXT-SRV-ATTR:host").asText()).isEqualTo("host2");
    assertThat(rig.server(id).path("status").asText()).isEqualTo("ACTIVE");
    assertThat(world.runningOn(id)).containsExactly("host2");
  }

  private Client.Answer adopt(String host, InstanceId id) {
    return rig.admin()
        .post("/godwit/v1/guests/adopt", "{'host': '%s', 'uuid': '%s'}".formatted(host, id));
  }

  /** An agent that adopts ends what it knows of the guest's migrations, and with it their fence. */
  @Test
  void a_guest_that_is_moved_is_not_adopted_anew_until_its_move_is_over() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.holdCopies();
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "TRANSFERRING");

    Client.Answer early = adopt("host1", id);
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.text("/conflictingRequest/message"))
        .contains(Refusals.GUEST_BUSY, "under way", "godwit migration show");
    assertThat(world.asked("host1", "Adopt")).isZero();

    world.finishCopies();
    rig.awaitEnd(id);
    assertThat(adopt("host2", id).status()).isEqualTo(200);
    assertThat(world.asked("host2", "Adopt")).isEqualTo(1);
  }

  @Test
  void a_guest_is_not_adopted_anew_while_a_move_that_is_over_owes_something() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "FenceSource", "busy");
    rig.migrate(id, "host2");
    rig.awaitPhase(id, "SETTLING");
    world.answers("host1", false);
    rig.fence("host1");
    assertThat(rig.awaitEnd(id).path("owed")).isNotEmpty();

    Client.Answer early = adopt("host2", id);

    assertThat(early.status()).isEqualTo(409);
    assertThat(early.text("/conflictingRequest/message")).contains("over", "owes");
    assertThat(world.asked("host2", "Adopt")).isZero();
  }

  @Test
  void a_guest_with_a_task_is_not_adopted_anew() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    world.refuse("host1", "Delete", Refusals.TURN_TAKEN);
    rig.admin().delete("/v2.1/servers/" + id);
    Await.until("a refusal", () -> world.asked("host1", "Delete"), times -> times >= 1);

    Client.Answer early = adopt("host1", id);

    assertThat(early.status()).isEqualTo(409);
    assertThat(early.text("/conflictingRequest/message")).contains("without a task", "deleting");
    assertThat(world.asked("host1", "Adopt")).isZero();
  }

  private void awaitUp(String... states) {
    Await.until(
        "hosts to be " + List.of(states),
        () ->
            rig.admin()
                .get("/godwit/v1/hosts")
                .json()
                .path("hosts")
                .valueStream()
                .map(host -> host.path("up").asBoolean() ? "up" : "down")
                .toList(),
        List.of(states)::equals);
  }

  @Test
  void the_guests_of_a_silent_host_stay_as_they_were_seen_last() {
    InstanceId id = rig.instance("vm1", "host1", "2");
    InstanceId elsewhere = rig.instance("vm2", "host2", "2");

    world.answers("host1", false);
    world.undefine("host1", id);
    world.undefine("host2", elsewhere);

    rig.awaitStatus(elsewhere, "SHUTOFF");
    assertThat(rig.server(id).path("status").asText()).isEqualTo("ACTIVE");
  }
}
