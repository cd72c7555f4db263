package dev.godwit.lab;

import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lab's own server and agents, and the relay that brings the API to the machine's loopback. */
final class GodwitProcesses {
  private static final String SERVER = "server";
  private static final Duration START = Duration.ofSeconds(60);

  private final LabFolder folder;
  private final Switch labSwitch;

  GodwitProcesses(LabFolder folder, Switch labSwitch) {
    this.folder = folder;
    this.labSwitch = labSwitch;
  }

  Optional<RecordedProcess> server() {
    return RecordedProcess.living(folder.pid(SERVER));
  }

  Path tokenFile() {
    return folder.server().resolve("admin.token");
  }

  Optional<URI> api() {
    return readPort().map(port -> URI.create("http://127.0.0.1:" + port));
  }

  void startServer() {
    if (server().isEmpty()) {
      Namespaces space = labSwitch.required();
      space.startInside(
          folder.pid(SERVER),
          folder.log(SERVER),
          java("server", folder.server().resolve("server.toml"), "-Xmx192m"));
    }
    startRelay();
  }

  void startAgent(LabHost host) {
    if (host.daemon("agent").isPresent()) {
      return;
    }
    host.required()
        .startInside(
            folder.pid(host.name() + ".agent"),
            folder.log(host.name() + ".agent"),
            java("agent", host.home().resolve("agent.toml"), "-Xmx128m"));
  }

  /** Waits until the API answers through the relay. */
  void awaitApi() {
    URI api = api().orElseThrow(() -> new LabFailure("the lab's API has no port"));
    try {
      Await.until("the API at " + api, START, () -> server().isEmpty() || answers(api));
      if (server().isEmpty()) {
        throw new LabFailure("the server ended");
      }
    } catch (LabFailure e) {
      throw new LabFailure(e.getMessage() + "\n" + tail(folder.log(SERVER)));
    }
  }

  void stop() {
    for (String relay : List.of("relay.outside", "relay.inside")) {
      RecordedProcess.living(folder.pid(relay))
          .ifPresent(process -> process.end(Duration.ofSeconds(2)));
    }
    server().ifPresent(process -> process.end(Duration.ofSeconds(10)));
  }

  private static List<String> java(String command, Path config, String heap) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:ErrorFile=" + config.resolveSibling("hs_err_%p.log")));
    String cache = System.getProperty("godwit.service.aot", "");
    if (!cache.isEmpty() && Files.isReadable(Path.of(cache))) {
      argv.addAll(
          List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr"));
    }
    argv.addAll(
        List.of(
            "-cp",
            System.getProperty("godwit.class.path", System.getProperty("java.class.path")),
            "dev.godwit.app.Main",
            command,
            "--config",
            config.toString()));
    return argv;
  }

  private void startRelay() {
    Path socket = folder.run().resolve("api.sock");
    if (RecordedProcess.living(folder.pid("relay.inside")).isEmpty()) {
      delete(socket);
      labSwitch
          .required()
          .startInside(
              folder.pid("relay.inside"),
              folder.log("relay"),
              List.of(
                  "socat",
                  "UNIX-LISTEN:" + socket + ",fork,unlink-early",
                  "TCP:" + Addresses.SERVER + ":" + LabConfiguration.API_PORT + ",nodelay"));
    }
    if (RecordedProcess.living(folder.pid("relay.outside")).isEmpty()) {
      int port = readPort().filter(GodwitProcesses::free).orElseGet(GodwitProcesses::freePort);
      LabFolder.write(folder.run().resolve("api.port"), Integer.toString(port));
      long pid =
          Namespaces.spawn(
              List.of(
                  "setsid",
                  "socat",
                  "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,reuseaddr,nodelay",
                  "UNIX-CONNECT:" + socket),
              folder.log("relay"));
      RecordedProcess.remember(folder.pid("relay.outside"), pid);
    }
  }

  private Optional<Integer> readPort() {
    Path file = folder.run().resolve("api.port");
    try {
      return Files.exists(file)
          ? Optional.of(Integer.parseInt(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int freePort() {
    if (free(LabConfiguration.API_PORT)) {
      return LabConfiguration.API_PORT;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean answers(URI api) {
    try {
      HttpURLConnection call = (HttpURLConnection) api.resolve("/").toURL().openConnection();
      call.setConnectTimeout(1000);
      call.setReadTimeout(2000);
      int status = call.getResponseCode();
      call.disconnect();
      return status == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tail(Path log) {
    Argv.Result tail = Argv.run(Duration.ofSeconds(5), List.of("tail", "-n", "30", log.toString()));
    return "The end of " + log + ":\n" + tail.out();
  }
}
