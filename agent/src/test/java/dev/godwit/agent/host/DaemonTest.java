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
  void a_change_that_hangs_does_not_hold_up_those_to_other_guests() {
    try (Daemon daemon = new Daemon("test:///default", Connection::open, new MachineTempo())) {
      Connection alone = daemon.ask(Daemon.Use.ACT, it -> it);

      daemon.ask(
          Daemon.Use.ACT,
          hanging -> {
            assertThat(hanging).isSameAs(alone);
            Connection beside = daemon.ask(Daemon.Use.ACT, it -> it);
            assertThat(beside).isNotSameAs(hanging);
            assertThat(beside.libvirtVersion()).isPositive();
            return true;
          });

      assertThat(daemon.<Connection>ask(Daemon.Use.ACT, it -> it)).isSameAs(alone);
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
