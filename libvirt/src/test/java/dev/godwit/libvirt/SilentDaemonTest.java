package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a connection to something that listens and never says a word. */
class SilentDaemonTest {
  @TempDir Path folder;
  private final int threadsBefore = Threads.ofConnections();
  private ServerSocketChannel socket;
  private ConnectionOptions options;

  @BeforeEach
  void listen() throws Exception {
    Path path = folder.resolve("silent");
    socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(path));
    options =
        ConnectionOptions.to("qemu:///system?socket=" + path)
            .withOpenDeadline(Duration.ofMillis(100));
  }

  @AfterEach
  void hangUp() throws Exception {
    socket.close();
    Await.until("what hung has ended", () -> Threads.ofConnections() <= threadsBefore);
  }

  @Test
  void an_open_without_an_answer_ends_with_its_deadline() {
    assertThatThrownBy(() -> Connection.open(options))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER);
              assertThat(e.isConnectionProblem()).isTrue();
              assertThat(e.text()).contains(options.uri()).contains("100 ms");
            });
  }

  @Test
  void opens_that_hang_are_limited_and_do_not_add_up_to_the_end_of_the_process() {
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> Connection.open(options))
          .isInstanceOfSatisfying(
              LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isTrue());
    }
    assertThat(Threads.ofConnections() - threadsBefore).isLessThanOrEqualTo(HungOpens.MOST);
    assertThat(Libvirt.lingeringConnections()).isGreaterThanOrEqualTo(HungOpens.MOST);
    assertThatThrownBy(() -> Connection.open(options))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NOT_CONNECTED))
        .hasMessageContaining("hang");
    try (Connection other = Connection.open(ConnectionOptions.to("test:///default"))) {
      assertThat(other.driver()).isEqualTo("TEST");
    }
  }

  @Test
  void an_interrupted_open_ends_at_once_and_leaves_the_thread_interrupted() throws Exception {
    var outcome = new java.util.concurrent.CompletableFuture<LibvirtException.Kind>();
    Thread opener =
        Thread.ofPlatform()
            .start(() -> {
              try (Connection connection =
                  Connection.open(options.withOpenDeadline(Duration.ofMinutes(5)))) {
                outcome.completeExceptionally(new AssertionError("opened " + connection.options()));
              } catch (LibvirtException e) {
                if (Thread.currentThread().isInterrupted()) {
                  outcome.complete(e.kind());
                }
              }
            });
    Await.until("it hangs in libvirt", () -> Threads.isInside("virConnectOpen"));
    opener.interrupt();
    assertThat(outcome.get(10, java.util.concurrent.TimeUnit.SECONDS))
        .isEqualTo(LibvirtException.Kind.INTERRUPTED);
  }
}
