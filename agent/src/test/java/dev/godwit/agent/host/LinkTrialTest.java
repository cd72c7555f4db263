package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.DepartureFacts.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkTrialTest {
  private final LinkTrial trial = new LinkTrial(Duration.ofSeconds(30), LinkTrial::dial);

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static String uri(int port) {
    return "qemu+tcp://127.0.0.1:" + port + "/system";
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = listen()) {
      return socket.getLocalPort();
    }
  }

  @Test
  void a_daemon_that_listens_is_reached() throws IOException {
    try (ServerSocket daemon = listen()) {
      int port = daemon.getLocalPort();
      assertThat(trial.of(uri(port), Optional.of("127.0.0.1")))
          .containsExactly(new Link("tcp 127.0.0.1:" + port, Optional.empty()));
    }
  }

  @Test
  void a_port_where_nothing_listens_refuses() throws IOException {
    int port = closedPort();
    assertThat(trial.of(uri(port), Optional.empty()))
        .containsExactly(new Link("tcp 127.0.0.1:" + port, Optional.of("Connection refused")));
  }

  @Test
  void the_host_of_qemu_is_reached_when_it_refuses_the_daemons_port() throws IOException {
    try (ServerSocket daemon = listen()) {
      int port = daemon.getLocalPort();
      assertThat(trial.of(uri(port), Optional.of("127.0.0.2")))
          .containsExactly(
              new Link("tcp 127.0.0.1:" + port, Optional.empty()),
              new Link("tcp 127.0.0.2:" + port, Optional.empty()));
    }
  }

  /** A full queue of connections drops what comes next, as a cut link does. */
  @Test
  void silence_ends_with_patience() throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket daemon = listen()) {
      while (connects(daemon, queue)) {
        assertThat(queue).hasSizeLessThan(1_000);
      }
      assertThat(
              new LinkTrial(Duration.ofMillis(200), LinkTrial::dial)
                  .of(uri(daemon.getLocalPort()), Optional.empty()))
          .extracting(Link::trouble)
          .containsExactly(Optional.of("no answer within 200 ms"));
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  private static boolean connects(ServerSocket daemon, List<Socket> queue) throws IOException {
    Socket socket = new Socket();
    queue.add(socket);
    try {
      socket.connect(daemon.getLocalSocketAddress(), 200);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void a_name_that_nobody_knows_is_told() {
    assertThat(trial.of("qemu+tls://no-such-host.invalid/system", Optional.empty()))
        .singleElement()
        .satisfies(link -> {
          assertThat(link.address()).isEqualTo("tcp no-such-host.invalid:16514");
          assertThat(link.trouble()).isPresent();
        });
  }

  @Test
  void what_is_no_uri_or_no_port_is_a_link_in_trouble_and_no_exception() {
    for (String uri :
        List.of(
            "qemu+tcp://[10.0.0.1/system",
            "qemu+tcp://a b/system",
            "qemu+tcp://h1:port/system",
            "qemu+tcp://h1:99999/system",
            "qemu+tcp://h1:123456789012/system")) {
      assertThat(trial.of(uri, Optional.of("10.0.0.2")))
          .as(uri)
          .singleElement()
          .satisfies(link -> assertThat(link.trouble()).isPresent());
    }
  }

  @Test
  void a_daemon_without_an_address_is_not_tried() {
    assertThat(trial.of("qemu:///system", Optional.of("10.0.0.2"))).isEmpty();
    assertThat(trial.of("qemu+unix:///system", Optional.empty())).isEmpty();
  }
}
