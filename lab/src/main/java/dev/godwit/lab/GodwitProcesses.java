package dev.godwit.lab;

import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.PostgresqlCluster;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The lab's own server and agents, each a process of the one program that is running now. */
final class GodwitProcesses {
  private static final int DATABASE_PORT = 5432;
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LOOK_EACH = Duration.ofMillis(100);

  private final LabFolder folder;
  private final Switch labSwitch;

  GodwitProcesses(LabFolder folder, Switch labSwitch) {
    this.folder = folder;
    this.labSwitch = labSwitch;
  }

  /** The servers that the lab was started with last. */
  List<LabServer> servers() {
    return LabServers.of(folder).orElse(LabServers.ONE).all();
  }

  /** The PostgreSQL that the servers share, if they do. */
  PostgresqlCluster database() {
    return new PostgresqlCluster(
        folder.root().resolve("postgresql"),
        DATABASE_PORT,
        (pidFile, log, argv) -> labSwitch.required().startInside(pidFile, log, argv));
  }

  Optional<RecordedProcess> server(LabServer server) {
    return RecordedProcess.living(folder.pid(server.name()));
  }

  private Relay relay(LabServer server) {
    return new Relay(folder, labSwitch, server);
  }

  Path tokenFile() {
    return folder.server().resolve("admin.token");
  }

  Optional<URI> api(LabServer server) {
    return relay(server).api();
  }

  void startServer(LabServer server) {
    if (server(server).isEmpty()) {
      labSwitch
          .required()
          .startInside(
              folder.pid(server.name()),
              folder.log(server.name()),
              java("server", server.configuration(folder), "-Xmx192m"));
    }
    relay(server).start();
  }

  void startAgent(LabHost host) {
    if (host.daemon("agent").isPresent()) {
      return;
    }
    host.required()
        .startInside(
            folder.pid(host.name() + ".agent"),
            agentLog(host),
            java("agent", host.home().resolve("agent.toml"), "-Xmx128m"));
  }

  private Path agentLog(LabHost host) {
    return folder.log(host.name() + ".agent");
  }

  /** Waits until the API answers through the relay. */
  void awaitApi(LabServer server) {
    Readiness readiness = readiness(server);
    // A look is two processes of the relay, so the socket's own namespace is looked at before.
    Await.until(
        "the server to listen",
        START,
        LOOK_EACH,
        () -> server(server).map(it -> it.listens(server.apiPort())).orElse(true));
    require(server);
    Await.until("the API", START, LOOK_EACH, () -> server(server).isEmpty() || readiness.answers());
    require(server);
  }

  /** Waits until every server hears these hosts' agents: only then can guests be put on them. */
  void awaitHosts(List<LabHost> hosts) {
    servers().forEach(server -> awaitHosts(server, hosts));
  }

  private void awaitHosts(LabServer server, List<LabHost> hosts) {
    Readiness readiness = readiness(server);
    Set<String> names = Set.copyOf(hosts.stream().map(LabHost::name).toList());
    try {
      Await.until(
          server.name() + " to hear the agents of " + String.join(", ", names),
          START,
          LOOK_EACH,
          () -> readiness.hostsUp().containsAll(names) || !allRun(server, hosts));
    } catch (LabFailure e) {
      throw new LabFailure(
          e.getMessage()
              + "; if a link is cut, mend it with: godwit lab heal; logs are in "
              + folder.root().resolve("log"));
    }
    for (LabHost host : hosts) {
      if (host.daemon("agent").isEmpty()) {
        throw new LabFailure(
            "the agent of %s ended\n%s".formatted(host.name(), LabFolder.tail(agentLog(host))));
      }
    }
  }

  private boolean allRun(LabServer server, List<LabHost> hosts) {
    return server(server).isPresent()
        && hosts.stream().allMatch(it -> it.daemon("agent").isPresent());
  }

  private Readiness readiness(LabServer server) {
    URI api = api(server).orElseThrow(() -> new LabFailure("the lab's API has no port"));
    return new Readiness(api, tokenFile());
  }

  private void require(LabServer server) {
    if (server(server).isEmpty()) {
      throw new LabFailure(server.name() + " ended\n" + LabFolder.tail(folder.log(server.name())));
    }
  }

  void stop() {
    for (LabServer server : servers()) {
      relay(server).stop();
      server(server)
          .ifPresent(process -> {
            // One that stands still hears nothing else.
            process.signal("CONT");
            process.end(Duration.ofSeconds(10));
          });
    }
    database().stop();
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
                // As the launcher starts them.
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileThresholdScaling=0.1",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:ErrorFile=" + config.resolveSibling("hs_err_%p.log")));
    String cache = System.getProperty("godwit.service.aot", "");
    if (!cache.isEmpty() && Files.isReadable(Path.of(cache))) {
      argv.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr"));
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
}
