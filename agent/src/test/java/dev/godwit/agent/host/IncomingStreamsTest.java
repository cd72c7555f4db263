package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** On this process's own sockets, which the kernel shows as it shows QEMU's. */
class IncomingStreamsTest {
  private static final FileSystem SYSTEM = FileSystems.getDefault();
  private static final long SELF = ProcessHandle.current().pid();

  /** /proc/net/tcp's word for a timer that asks for a sign of life. */
  private static final String ASKS = "02:";

  private static ServerSocket listening() throws IOException {
    for (int port = 49152; port <= 49215; port++) {
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException taken) {
        // The next one.
      }
    }
    throw new IOException("no port of libvirt's is free");
  }

  /** The timer of the connection that came in there. */
  private static String timer(Socket accepted) throws IOException {
    String local = ":%04X".formatted(accepted.getLocalPort());
    String remote = ":%04X".formatted(accepted.getPort());
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp")));
    lines.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
    return lines.stream()
        .map(line -> line.strip().toUpperCase(Locale.ROOT).split("\\s+"))
        .filter(it -> it[1].endsWith(local) && it[2].endsWith(remote))
        .findFirst()
        .orElseThrow()[5];
  }

  @Test
  void the_kernel_asks_for_a_sign_of_life_on_a_stream_that_came_in() throws IOException {
    String domain = "godwit-test-" + SELF;
    Path pids = Files.createDirectories(Path.of("/run/libvirt/qemu"));
    Path pid = Files.writeString(pids.resolve(domain + ".pid"), SELF + "\n");
    try (ServerSocket server = listening();
        Socket _ = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      assertThat(timer(accepted)).doesNotStartWith(ASKS);
      IncomingStreams streams = new IncomingStreams(SYSTEM, KernelSockets::keepAlive);

      streams.keepAlive(domain);
      streams.keepAlive(domain);

      assertThat(timer(accepted)).startsWith(ASKS);
    } finally {
      Files.delete(pid);
    }
  }

  @Test
  void a_domain_that_is_gone_needs_none() {
    List<Integer> asked = new ArrayList<>();
    new IncomingStreams(SYSTEM, (_, descriptor) -> asked.add(descriptor)).keepAlive("gone");
    assertThat(asked).isEmpty();
  }
}
