package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.agent.host.HostTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  @TempDir Path folder;

  @Test
  void an_agent_has_the_same_identity_whenever_it_starts() {
    assertThat(Identity.in(folder.resolve("state"), UUID::randomUUID))
        .isEqualTo(Identity.in(folder.resolve("state"), UUID::randomUUID));
    assertThat(folder.resolve("state")).isDirectoryContaining("glob:**/identity");
  }

  @Test
  void two_state_directories_tell_two_machines_apart_and_so_do_two_host_uuids() {
    Identity one = Identity.in(folder.resolve("one"), UUID::randomUUID);
    assertThat(one.with("a"))
        .isNotEqualTo(Identity.in(folder.resolve("two"), UUID::randomUUID).with("a"));
    assertThat(one.with("a")).isNotEqualTo(one.with("b")).endsWith("/" + one.id());
    assertThat(one.with("")).isEqualTo(one.id().toString());
  }

  @Test
  void a_broken_identity_is_told_and_not_replaced() throws IOException {
    Path file = Files.writeString(folder.resolve("identity"), "nonsense");
    assertThatThrownBy(() -> Identity.in(folder, UUID::randomUUID))
        .isInstanceOf(HostTrouble.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("nonsense");
  }
}
