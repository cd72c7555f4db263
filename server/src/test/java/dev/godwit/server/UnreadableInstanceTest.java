package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of two guests on a host, one has a row that this version cannot read. */
final class UnreadableInstanceTest {
  private static final String TASK = "task_state = 'POWERING_OFF'";

  /** One for each way in which a row is read. */
  private static final String JSON = TASK + ", flavor = '{\"invented_later\": 1}'";

  private static final String WORD = "task_state = 'INVENTED_LATER'";
  private static final String STATE = TASK + ", vm_state = 'INVENTED_LATER'";

  @TempDir Path folder;
  private FakeWorld world;
  private Rig rig;
  private InstanceId bad;
  private InstanceId good;

  @BeforeEach
  void two_guests_run() {
    world = new FakeWorld("host1", "host2");
    rig = Rig.start(folder, world);
    // The bad one comes first in every list.
    good = rig.instance("vm2", "host1", "2");
    bad = rig.instance("vm1", "host1", "2");
    Sql.run(
        rig.database(),
        "UPDATE instances SET number = -1, created_at = created_at + 1 WHERE id = '%s'"
            .formatted(bad));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** Both have a task that nobody carries out. */
  private void write(String change) {
    Sql.run(
        rig.database(),
        "UPDATE instances SET %s WHERE id = '%s'".formatted(change, bad),
        "UPDATE instances SET %s WHERE id = '%s'".formatted(TASK, good));
  }

  private void assertSaid() {
    Client.Answer shown = rig.admin().get("/v2.1/servers/" + bad);
    assertThat(shown.status()).isEqualTo(500);
    assertThat(shown.toString())
        .contains("instance " + bad + " cannot be read", "start that version again");
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, WORD, STATE})
  void a_task_of_the_other_guest_that_nobody_carries_out_is_taken_up(String change) {
    write(change);

    rig.awaitStatus(good, "SHUTOFF");

    assertSaid();
    assertThat(world.runningOn(bad)).containsExactly("host1");
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, WORD, STATE})
  void a_server_starts_and_takes_up_the_other_guests_task_that_an_earlier_one_left(String change) {
    rig.kill();
    write(change);

    rig.startAgain();

    rig.awaitStatus(good, "SHUTOFF");
    assertSaid();
    assertThat(world.runningOn(bad)).containsExactly("host1");
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, WORD, STATE})
  void that_the_other_guest_shut_down_is_recorded(String change) {
    Sql.run(rig.database(), "UPDATE instances SET %s WHERE id = '%s'".formatted(change, bad));

    world.shutDown(bad);
    world.shutDown(good);

    rig.awaitStatus(good, "SHUTOFF");
    assertSaid();
  }

  @ParameterizedTest
  @ValueSource(strings = {JSON, WORD, STATE})
  void its_moves_are_listed_among_the_others(String change) {
    for (InstanceId id : new InstanceId[] {bad, good}) {
      rig.migrate(id, "host2");
      rig.awaitEnd(id);
    }
    Sql.run(rig.database(), "UPDATE instances SET %s WHERE id = '%s'".formatted(change, bad));

    Client.Answer listed = rig.admin().get("/godwit/v1/migrations");

    assertThat(listed.json().path("migrations").findValuesAsText("instance_name"))
        .containsExactly("vm2", "vm1");
    assertSaid();
  }
}
