package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.fake.FakeWorld;
import java.nio.file.Path;
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
}
