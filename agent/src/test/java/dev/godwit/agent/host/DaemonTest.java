package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.libvirt.Connection;
import dev.godwit.wire.MachineTempo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DaemonTest {
  @Test
  void every_move_is_given_a_connection_of_its_own_that_works() {
    List<Connection> given = new ArrayList<>();
    try (Daemon daemon = new Daemon("test:///default", Connection::open, new MachineTempo())) {
      for (int i = 0; i < 5; i++) {
        given.add(daemon.openAnother());
      }
      assertThat(given).doesNotHaveDuplicates().allMatch(it -> it.libvirtVersion() > 0);
    } finally {
      given.forEach(Connection::close);
    }
  }

  @Test
  void a_daemon_that_was_closed_gives_no_connection_not_even_the_one_kept_ready() {
    Daemon daemon = new Daemon("test:///default", Connection::open, new MachineTempo());
    daemon.openAnother().close();
    daemon.close();

    assertThatThrownBy(daemon::openAnother).isInstanceOf(Daemon.Stopping.class);
  }
}
