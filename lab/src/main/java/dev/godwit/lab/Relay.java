package dev.godwit.lab;

import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Brings the API from the lab's network to the machine's loopback: two programs that meet at a unix
 * socket, for such a socket is in no network namespace.
 */
final class Relay {

  private final LabFolder folder;
  private final Switch labSwitch;
  private final LabServer server;

  Relay(LabFolder folder, Switch labSwitch, LabServer server) {
    this.folder = folder;
    this.labSwitch = labSwitch;
    this.server = server;
  }

  /** Where the API answers on the machine; empty when it was never brought there. */
  Optional<URI> api() {
    return port().map(port -> URI.create("http://127.0.0.1:" + port));
  }

  private Path inside() {
    return folder.pid(server.file("relay", ".inside"));
  }

  private Path outside() {
    return folder.pid(server.file("relay", ".outside"));
  }

  private Path portFile() {
    return folder.run().resolve(server.file("api", ".port"));
  }

  /** Starts what is missing of it; a port that the lab had before is taken again if it is free. */
  void start() {
    Path socket = folder.run().resolve(server.file("api", ".sock"));
    if (RecordedProcess.living(inside()).isEmpty()) {
      delete(socket);
      labSwitch
          .required()
          .startInside(
              inside(),
              folder.log("relay"),
              List.of(
                  "socat",
                  "UNIX-LISTEN:" + socket + ",fork,unlink-early",
                  "TCP:" + Addresses.SERVER + ":" + server.apiPort() + ",nodelay"));
    }
    if (RecordedProcess.living(outside()).isEmpty()) {
      int port = port().filter(Relay::free).orElseGet(this::freePort);
      LabFolder.write(portFile(), Integer.toString(port));
      long pid =
          Namespaces.spawn(
              List.of(
                  "setsid",
                  "socat",
                  "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,reuseaddr,nodelay",
                  "UNIX-CONNECT:" + socket),
              folder.log("relay"));
      RecordedProcess.remember(outside(), pid);
    }
  }

  void stop() {
    for (Path part : List.of(outside(), inside())) {
      RecordedProcess.living(part).ifPresent(process -> process.end(Duration.ofSeconds(2)));
    }
  }

  private Optional<Integer> port() {
    return LabFolder.read(portFile())
        .map(String::strip)
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::parseInt);
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private int freePort() {
    if (free(server.apiPort())) {
      return server.apiPort();
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
