package dev.godwit.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.agent.Agent;
import dev.godwit.agent.Machine;
import dev.godwit.app.config.AgentDriver;
import dev.godwit.app.config.AgentSettings;
import dev.godwit.app.config.ServerSettings;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.server.Server;
import dev.godwit.simulation.driver.SimulatedHosts;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

/**
 * A server and agents that meet, move a guest and end: the run from which the launcher makes the
 * JVM's cache of loaded classes. Nothing outside a folder of its own is touched.
 */
@Command(name = "rehearse", hidden = true, description = "Run once through everything, and end.")
final class RehearseCommand implements Callable<Integer> {
  private static final Duration TOGETHER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EACH = Duration.ofMillis(100);
  private static final String IMAGE = "11111111-1111-4111-8111-111111111111";
  private static final String FLAVOR = "small";

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
    try (Server server = new Server(ServerSettings.read(config), Clock.systemUTC())) {
      server.start();
      meetAgent(folder, pki, registry);
      ApiClient api =
          new ApiClient(
              URI.create("http://127.0.0.1:" + server.apiPort()),
              Files.readString(folder.server().resolve("admin.token")).strip());
      try (SimulatedHosts hosts = simulated(folder, pki, registry)) {
        hosts.start();
        move(api);
      }
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
  }

  /** From one simulated host to another: server and agents say all that a move needs. */
  private static void move(ApiClient api) {
    Await.until("both hosts", PATIENCE, LOOK_EACH, () -> hostsUp(api) == 2);
    String guest = created(api);
    Await.until("the guest", PATIENCE, LOOK_EACH, () -> status(api, guest).equals("ACTIVE"));
    Migrations migrations = new Migrations(api);
    migrations.ask(guest, "sim-2");
    MigrationView begun = migrations.after(guest, 0);
    Await.until("the move", PATIENCE, LOOK_EACH, () -> migrations.show(begun.id()).ended());
  }

  private static String created(ApiClient api) {
    ObjectNode body = api.object();
    body.putObject("server")
        .put("name", "rehearsal")
        .put("imageRef", IMAGE)
        .put("flavorRef", FLAVOR)
        .put("networks", "none")
        .put("host", "sim-1");
    body.putObject("os:scheduler_hints")
        .putArray("godwit:disks")
        .addObject()
        .put("target", "vda")
        .put("directory", "local")
        .put("format", "qcow2")
        .put("size_mib", 1);
    return api.post("/v2.1/servers", body).at("/server/id").asText();
  }

  private static String status(ApiClient api, String guest) {
    return api.get("/v2.1/servers/" + guest).at("/server/status").asText();
  }

  private static long hostsUp(ApiClient api) {
    return StreamSupport.stream(api.get("/godwit/v1/hosts").path("hosts").spliterator(), false)
        .filter(host -> host.path("up").asBoolean())
        .count();
  }

  private static SimulatedHosts simulated(LabFolder folder, Pki pki, int registry) {
    Path config = folder.root().resolve("simulated.toml");
    LabFolder.write(config, simulatedToml(pki, registry));
    return switch (AgentDriver.read(config)) {
      case AgentDriver.Simulated(var hosts) ->
          new SimulatedHosts(hosts, Clock.systemUTC(), new MachineTempo());
      case AgentDriver.Libvirt _ -> throw new IllegalStateException("not a simulated driver");
    };
  }

  /** libvirt's own test driver stands for a hypervisor; without libvirt the server is enough. */
  private static void meetAgent(LabFolder folder, Pki pki, int registry)
      throws InterruptedException {
    Path config = folder.root().resolve("agent.toml");
    LabFolder.write(config, agentToml(folder, pki, registry));
    try (Agent agent = new Agent(AgentSettings.read(config), Machine.real())) {
      agent.start();
      Thread.sleep(TOGETHER);
    } catch (LibvirtException e) {
      System.err.println("without libvirt: " + e.getMessage());
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
    connection = "sqlite:///%1$s/godwit.db"
    [api]
    bind_port = 0
    admin_token_file = "%1$s/admin.token"
    [registry]
    bind_host = "127.0.0.1"
    bind_port = %2$d
    [[image]]
    id = "%4$s"
    name = "any"
    kernel = "/boot/vmlinuz"
    initrd = "/boot/initrd"
    [[flavor]]
    id = "%5$s"
    name = "any"
    memory_mib = 64
    vcpus = 1
    [tls]
    %3$s
    """
        .formatted(folder.server(), registry, pki.options("both"), IMAGE, FLAVOR);
  }

  private static String simulatedToml(Pki pki, int registry) {
    return """
    [agent]
    driver = "simulated"
    host = "sim"
    address = "127.0.0.1"
    bind_port = 0
    servers = ["127.0.0.1:%d"]
    [simulation]
    hosts = 2
    [tls]
    %s
    """
        .formatted(registry, pki.options("both"));
  }

  private static String agentToml(LabFolder folder, Pki pki, int registry) {
    return """
    [agent]
    host = "rehearsal"
    address = "127.0.0.1"
    bind_port = 0
    state_directory = "%1$s/agent"
    servers = ["127.0.0.1:%2$d"]
    [libvirt]
    uri = "test:///default"
    [directories]
    local = "%1$s/instances"
    [tls]
    %3$s
    """
        .formatted(folder.root(), registry, pki.options("both"));
  }
}
