package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import dev.godwit.server.fake.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of two guests that move, one's migration has a row that this version cannot read. */
final class UnreadableRowTest {
  private static final String LEFTOVERS = "/godwit/v1/leftovers";
  private static final String MIGRATIONS = "/godwit/v1/migrations";

  /** One for each way in which a row is read. */
  private static final String JSON = "plan = '{\"invented_later\": 1,' || substr(plan, 2)";

  private static final String PHASE = "phase = 'INVENTED_LATER'";
  private static final String STEP = "phase = 'SETTLING', step = 'INVENTED_LATER'";
  private static final String RULING = "ruling = '{\"invented_later\": 1}'";
  private static final String OWED =
      "phase = 'COMPLETED', over = 1, owed = '[{\"invented_later\": 1}]'";

  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;
  private InstanceId bad;
  private InstanceId good;

  @BeforeEach
  void two_guests_are_being_copied() {
    world = new FakeWorld("host1", "host2", "host3");
    rig = Rig.start(folder, world);
    bad = rig.instance("vm1", "host1", "2");
    good = rig.instance("vm2", "host1", "2");
    world.holdCopies();
    for (InstanceId id : new InstanceId[] {bad, good}) {
      rig.migrate(id, "host2");
      rig.awaitPhase(id, "TRANSFERRING");
    }
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** A server begins with what another one wrote. */
  private MigrationId startWith(String change) {
    MigrationId id = MigrationId.of(rig.migration(bad).path("id").asText());
    rig.kill();
    Sql.run(rig.database(), "UPDATE migrations SET %s WHERE id = '%s'".formatted(change, id));
    rig.startAgain();
    return id;
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, PHASE, STEP, RULING, OWED})
  void the_other_guest_moves_and_the_operator_sees_which_one_waits_for_them(String change) {
    MigrationId id = startWith(change);
    world.finishCopies();

    assertThat(rig.awaitEnd(good).path("phase").asText()).isEqualTo("COMPLETED");
    JsonNode listed = rig.admin().get(MIGRATIONS).json().path("migrations");
    assertThat(listed.findValuesAsText("instance")).contains(bad.toString(), good.toString());
    for (JsonNode told :
        new JsonNode[] {rig.migration(bad), rig.admin().get(MIGRATIONS + "/" + id).json()}) {
      assertThat(told.path("number").asLong()).isPositive();
      assertThat(told.path("source").asText()).isEqualTo("host1");
      assertThat(told.path("alarm").asBoolean()).isTrue();
      assertThat(told.path("why").asText())
          .contains("cannot be read", "start that version again")
          .containsIgnoringCase("invented_later");
    }
    assertThat(rig.admin().at("2.80").get("/v2.1/os-migrations").json().findValuesAsText("uuid"))
        .containsExactly(rig.migration(good).path("id").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, PHASE, STEP, RULING, OWED})
  void what_bears_its_guests_name_is_left_alone_and_all_else_is_judged(String change) {
    MigrationId id = startWith(change);
    world.finishCopies();
    MigrationId over = MigrationId.of(rig.awaitEnd(good).path("id").asText());
    world.leave("host1", disk("/local/of-the-bad", bad, id));
    world.leave("host1", disk("/local/of-the-good", good, over));

    JsonNode found = rig.admin().get(LEFTOVERS).json().path("leftovers");

    assertThat(found.findValuesAsText("name")).containsExactly("/local/of-the-good");
  }

  private static Trace disk(String name, InstanceId of, MigrationId by) {
    return new Trace(
        Trace.Kind.DISK,
        name,
        Optional.of(of),
        Optional.of(by),
        "seen",
        false,
        Optional.empty(),
        Duration.ofHours(1));
  }
}
