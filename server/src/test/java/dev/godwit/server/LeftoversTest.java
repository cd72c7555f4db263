package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import dev.godwit.server.fake.FakeWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hosts hold, compared with the record, through the real API and database. */
final class LeftoversTest {
  private static final String LEFTOVERS = "/godwit/v1/leftovers";
  private static final Duration OLD = Duration.ofHours(1);

  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;
  private InstanceId id;
  private MigrationId over;

  @BeforeEach
  void a_guest_has_moved_from_host1_to_host2() {
    world = new FakeWorld("host1", "host2", "host3");
    rig = Rig.start(folder, world);
    id = rig.instance("vm1", "host1", "2");
    rig.migrate(id, "host2");
    over = MigrationId.of(rig.awaitEnd(id).path("id").asText());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Trace trace(
      Trace.Kind kind, String name, InstanceId of, Optional<MigrationId> by, boolean common) {
    return new Trace(kind, name, Optional.of(of), by, "seen", common, Optional.empty(), OLD);
  }

  private Trace disk(Optional<MigrationId> by) {
    return trace(Trace.Kind.DISK, "/local/vda", id, by, false);
  }

  private JsonNode listed() {
    return rig.admin().get(LEFTOVERS).json().path("leftovers");
  }

  private JsonNode only() {
    assertThat(listed()).hasSize(1);
    return listed().get(0);
  }

  private JsonNode removed() {
    return rig.admin().post(LEFTOVERS + "/remove", "{}").json().path("outcomes");
  }

  @Test
  void what_a_migration_left_whose_record_cannot_be_read_is_kept_and_says_why() {
    world.leave("host1", disk(Optional.of(over)));
    Sql.run(
        rig.database(),
        "UPDATE migrations SET plan = '{\"invented_later\": 1,' || substr(plan, 2) WHERE id = '%s'"
            .formatted(over));

    assertThat(only().path("removable").asBoolean()).isFalse();
    assertThat(only().path("reason").asText()).contains("cannot be read", "invented_later");
    assertThat(removed()).isEmpty();
  }

  @Test
  void what_an_ended_migration_left_where_its_instance_is_not_is_removed_by_its_order() {
    world.leave("host1", disk(Optional.of(over)));

    assertThat(only().path("host").asText()).isEqualTo("host1");
    assertThat(only().path("removable").asBoolean()).isTrue();
    assertThat(only().path("migration").asText()).isEqualTo(over.toString());
    assertThat(removed().get(0).path("removed").asBoolean()).isTrue();
    assertThat(listed()).isEmpty();
    assertThat(removed()).isEmpty();
  }

  @Test
  void a_server_sweeps_by_itself_what_is_proven_and_leaves_the_rest() throws IOException {
    rig.close();
    world = new FakeWorld("host1", "host2", "host3");
    rig =
        Rig.sweeping(
            Files.createDirectory(folder.resolve("sweeping")), world, Duration.ofMillis(200));
    id = rig.instance("vm2", "host1", "2");
    rig.migrate(id, "host2");
    over = MigrationId.of(rig.awaitEnd(id).path("id").asText());
    Trace unproven =
        trace(
            Trace.Kind.DISK,
            "/local/vdc",
            new InstanceId(UUID.randomUUID()),
            Optional.of(new MigrationId(UUID.randomUUID())),
            false);
    world.leave("host1", unproven);
    world.leave("host1", disk(Optional.of(over)));

    Await.until("the sweep", this::listed, it -> it.size() == 1);
    assertThat(only().path("name").asText()).isEqualTo("/local/vdc");
  }

  @Test
  void what_its_agent_does_not_find_proven_stays_and_the_reason_is_told() {
    world.leave("host1", disk(Optional.of(over)));
    world.refuse("host1", "Remove", "leftover-kept");

    assertThat(removed().get(0).path("removed").asBoolean()).isFalse();
    assertThat(removed().get(0).path("kept").asText()).contains("leftover-kept");
    assertThat(listed()).hasSize(1);
  }

  @Test
  void where_the_instance_lives_its_own_is_none_and_what_is_marked_as_arriving_is_kept() {
    world.leave("host2", disk(Optional.empty()));
    assertThat(listed()).isEmpty();
    world.leave("host2", trace(Trace.Kind.DISK, "/local/vdb", id, Optional.of(over), false));

    assertThat(only().path("removable").asBoolean()).isFalse();
    assertThat(only().path("reason").asText()).contains("lives on this host");
    assertThat(only().path("remedy").asText()).isNotBlank();
    assertThat(removed()).isEmpty();
  }

  @Test
  void what_no_migration_was_making_or_no_record_knows_is_never_removed() {
    world.leave("host1", disk(Optional.empty()));
    world.leave(
        "host3",
        trace(
            Trace.Kind.DISK,
            "/local/vdc",
            new InstanceId(UUID.randomUUID()),
            Optional.of(new MigrationId(UUID.randomUUID())),
            false));

    assertThat(listed()).hasSize(2);
    assertThat(listed().findValues("removable")).noneMatch(JsonNode::asBoolean);
    assertThat(listed().findValuesAsText("remedy")).noneMatch(String::isBlank);
    assertThat(removed()).isEmpty();
    assertThat(listed()).hasSize(2);
  }

  @Test
  void nothing_of_a_living_migration_is_a_leftover() {
    world.holdCopies();
    rig.migrate(id, "host3");
    rig.awaitPhase(id, "TRANSFERRING");
    MigrationId living = MigrationId.of(rig.migration(id).path("id").asText());
    world.leave("host3", disk(Optional.of(living)));
    world.leave("host1", disk(Optional.of(over)));

    assertThat(listed()).isEmpty();
    assertThat(removed()).isEmpty();
    world.finishCopies();
    rig.awaitEnd(id);
    assertThat(listed()).isNotEmpty();
  }

  @Test
  void what_hosts_share_is_the_instances_wherever_it_lives_and_told_once() {
    world.leave("host1", trace(Trace.Kind.DISK, "/shared/vda", id, Optional.empty(), true));
    assertThat(listed()).isEmpty();
    Trace nobodys =
        trace(
            Trace.Kind.DISK,
            "/shared/x",
            new InstanceId(UUID.randomUUID()),
            Optional.empty(),
            true);
    world.leave("host1", nobodys);
    world.leave("host2", nobodys);
    assertThat(only().path("name").asText()).isEqualTo("/shared/x");
  }

  @Test
  void a_proof_goes_when_its_migration_is_over_and_a_dry_runs_is_left_alone() {
    world.leave("host1", trace(Trace.Kind.PROOF, "/local/p", id, Optional.of(over), false));
    world.leave(
        "host1",
        new Trace(
            Trace.Kind.PROOF,
            "/local/q",
            Optional.empty(),
            Optional.of(new MigrationId(UUID.randomUUID())),
            "seen",
            false,
            Optional.empty(),
            Duration.ofSeconds(5)));

    assertThat(only().path("name").asText()).isEqualTo("/local/p");
    assertThat(removed()).hasSize(1);
  }

  @Test
  void a_host_that_is_silent_is_named_and_what_it_holds_is_not_guessed() {
    world.leave("host1", disk(Optional.of(over)));
    world.answers("host1", false);

    JsonNode answer = rig.admin().get(LEFTOVERS).json();

    assertThat(answer.path("leftovers")).isEmpty();
    assertThat(answer.path("unseen").findValuesAsText("host")).containsExactly("host1");
  }

  @Test
  void hosts_are_asked_together() {
    world.leave("host1", disk(Optional.of(over)));
    world.tellTogether(3);

    assertThat(only().path("host").asText()).isEqualTo("host1");
    assertThat(removed().get(0).path("removed").asBoolean()).isTrue();
  }

  @Test
  void a_host_that_is_known_dead_is_named_and_not_asked() {
    world.answers("host3", false);
    rig.fence("host3");
    world.tellTogether(2);

    JsonNode unseen = rig.admin().get(LEFTOVERS).json().path("unseen");

    assertThat(unseen.findValuesAsText("host")).containsExactly("host3");
    assertThat(unseen.findValuesAsText("why").getFirst()).contains("known dead", "admin");
  }

  @Test
  void one_host_may_be_asked_for_and_only_operators_may_ask() {
    world.leave("host1", disk(Optional.of(over)));

    assertThat(rig.admin().get(LEFTOVERS + "?host=host2").json().path("leftovers")).isEmpty();
    assertThat(rig.admin().get(LEFTOVERS + "?host=host1").json().path("leftovers")).hasSize(1);
    assertThat(rig.admin().get(LEFTOVERS + "?host=host9").status()).isEqualTo(404);
    assertThat(rig.user("alice").get(LEFTOVERS).status()).isEqualTo(403);
    assertThat(rig.user("alice").post(LEFTOVERS + "/remove", "{}").status()).isEqualTo(403);
    assertThat(rig.admin().post(LEFTOVERS + "/remove", "{'all': true}").status()).isEqualTo(400);
  }
}
