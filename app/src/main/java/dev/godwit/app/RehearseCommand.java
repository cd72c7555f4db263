package dev.godwit.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.agent.Agent;
import dev.godwit.app.config.AgentSettings;
import dev.godwit.app.config.ServerSettings;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Hosts;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.server.Server;
import dev.godwit.server.fleet.GrpcLink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * A server and two agents that meet, are asked everything that a move asks, and end: the run from
 * which the launcher makes the JVM's cache of loaded classes. Nothing outside a folder of its own
 * is touched; libvirt's test driver stands for the hypervisors, and its guest goes nowhere.
 */
@Command(name = "rehearse", hidden = true, description = "Run once through everything, and end.")
final class RehearseCommand implements Callable<Integer> {
  private static final Duration MEETING = Duration.ofSeconds(10);
  private static final List<String> HOSTS = List.of("rehearsal-1", "rehearsal-2");

  /** The guest that libvirt's test driver has of itself. */
  private static final InstanceId GUEST = InstanceId.of("6695eb01-f6a4-8304-79aa-97f2502e193f");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("godwit-rehearsal");
    try {
      LabFolder folder = new LabFolder(root);
      folder.make();
      Pki pki = new Pki(folder);
      pki.makeAuthority();
      pki.makeCertificate("both", "127.0.0.1", 0);
      Logging.start();
      rehearse(folder, pki);
      return 0;
    } finally {
      LabFolder.remove(root);
    }
  }

  private static void rehearse(LabFolder folder, Pki pki) throws IOException, InterruptedException {
    Path config = folder.root().resolve("server.toml");
    int registry = freePort();
    LabFolder.write(config, serverToml(folder, pki, registry));
    Server.Configuration settings = ServerSettings.read(config);
    GrpcLink link = new GrpcLink(settings.registry(), settings.tls());
    try (Server server = new Server(settings, link, Clock.systemUTC())) {
      server.start();
      ApiClient api =
          new ApiClient(
              URI.create("http://127.0.0.1:" + server.apiPort()),
              Files.readString(folder.server().resolve("admin.token")).strip());
      try (Agent _ = agent(folder, pki, registry, HOSTS.getFirst());
          Agent _ = agent(folder, pki, registry, HOSTS.getLast())) {
        Await.until(
            "the agents to be announced",
            MEETING,
            () -> api.get("/godwit/v1/hosts").path("hosts").size() == HOSTS.size());
        move(api);
        HOSTS.forEach(host -> order(link.hosts(), new HostName(host)));
      } catch (LibvirtException e) {
        System.err.println("without libvirt: " + e.getMessage());
      }
      read(api);
    }
  }

  private static Agent agent(LabFolder folder, Pki pki, int registry, String name)
      throws IOException, InterruptedException {
    Path config = folder.root().resolve(name + ".toml");
    LabFolder.write(config, agentToml(folder, pki, registry, name));
    Agent agent = new Agent(AgentSettings.read(config), Clock.systemUTC());
    agent.start();
    return agent;
  }

  private static void read(ApiClient api) {
    for (String path :
        new String[] {
          "/",
          "/v2.1",
          "/v2.1/servers/detail",
          "/v2.1/os-services",
          "/v2.1/os-migrations",
          "/v2.1/os-hypervisors/detail",
          "/v2.1/flavors/detail",
          "/godwit/v1/migrations"
        }) {
      api.get(path);
    }
  }

  /** Everything that comes before the copy; what is refused was rehearsed all the same. */
  private static void move(ApiClient api) {
    ObjectNode adopted = api.object().put("host", HOSTS.getFirst()).put("uuid", GUEST.toString());
    ObjectNode plan = api.object().put("instance", GUEST.toString());
    ObjectNode migrate = api.object();
    migrate.putObject("os-migrateLive").put("host", HOSTS.getLast()).put("block_migration", "auto");
    attempt(() -> api.post("/godwit/v1/guests/adopt", adopted));
    attempt(() -> api.post("/godwit/v1/plans", plan));
    attempt(() -> api.post("/v2.1/servers/" + GUEST + "/action", migrate));
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (ApiFailure refused) {
      System.err.println("refused: " + refused.getMessage());
    }
  }

  /** The orders of a move of a guest that no host has: there is nothing to do for any of them. */
  private static void order(Hosts hosts, HostName host) {
    MigrationId migration = new MigrationId(UUID.randomUUID());
    InstanceId nobody = new InstanceId(UUID.randomUUID());
    List<Act> acts =
        List.of(
            new Act.PrepareDirectories(List.of()),
            new Act.FenceSource(),
            new Act.RunAtDestination(false, false),
            new Act.ClearSourceDefinition(),
            new Act.ClearDestinationDomain(),
            new Act.OwnDestinationFiles(List.of()),
            new Act.ClearSourceFiles(List.of()));
    for (Act act : acts) {
      var _ = hosts.execute(new Order(migration, new Epoch(1), nobody, host, act));
    }
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String serverToml(LabFolder folder, Pki pki, int registry) {
    return """
    [database]
    path = "%1$s/godwit.db"
    [api]
    bind_port = 0
    admin_token_file = "%1$s/admin.token"
    [registry]
    bind_host = "127.0.0.1"
    bind_port = %2$d
    [tls]
    %3$s
    """
        .formatted(folder.server(), registry, pki.options("both"));
  }

  private static String agentToml(LabFolder folder, Pki pki, int registry, String name) {
    return """
    [agent]
    host = "%4$s"
    address = "127.0.0.1"
    bind_port = 0
    state_directory = "%1$s/%4$s"
    servers = ["127.0.0.1:%2$d"]
    [libvirt]
    uri = "test:///default"
    [directories]
    local = "%1$s/instances"
    [tls]
    %3$s
    """
        .formatted(folder.root(), registry, pki.options("both"), name);
  }
}
