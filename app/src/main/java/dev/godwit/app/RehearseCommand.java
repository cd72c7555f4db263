package dev.godwit.app;

import dev.godwit.agent.Agent;
import dev.godwit.agent.Machine;
import dev.godwit.app.config.AgentSettings;
import dev.godwit.app.config.ServerSettings;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.server.Server;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.proto.DestinationFactsMessage;
import dev.godwit.wire.proto.RoomMessage;
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
 * A server and an agent that meet, answer a few calls and end: the run from which the launcher
 * makes the JVM's cache of loaded classes. Nothing outside a folder of its own is touched.
 */
@Command(name = "rehearse", hidden = true, description = "Run once through everything, and end.")
final class RehearseCommand implements Callable<Integer> {
  private static final Duration TOGETHER = Duration.ofSeconds(2);

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
    words();
    try (Server server = new Server(ServerSettings.read(config), Clock.systemUTC())) {
      server.start();
      meetAgent(folder, pki, registry);
      ApiClient api =
          new ApiClient(
              URI.create("http://127.0.0.1:" + server.apiPort()),
              Files.readString(folder.server().resolve("admin.token")).strip());
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

  /** The words of a move, written and read: the first one's would take their time to be loaded. */
  private static void words() {
    MigrationId migration = new MigrationId(UUID.randomUUID());
    InstanceId instance = new InstanceId(UUID.randomUUID());
    for (Act act :
        List.of(
            new Act.PrepareDirectories(List.of()),
            new Act.FenceSource(),
            new Act.ClearSourceDefinition(),
            new Act.ClearSourceFiles(List.of()),
            new Act.OwnDestinationFiles(List.of()))) {
      Order order = new Order(migration, new Epoch(1), instance, new HostName("rehearsal"), act);
      var _ = OrderMapping.order(OrderMapping.message(order));
    }
    var _ = OrderMapping.reply(OrderMapping.message(new StepReply.Done()));
    // The map in it brings all of protobuf's own description along.
    var _ = DestinationFactsMessage.getDescriptor().getFields();
    RoomMessage room = RoomMessage.newBuilder().setFreeBytes(1).build();
    var _ = DestinationFactsMessage.newBuilder().putRoomByPath("/", room).build().toByteArray();
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
    [tls]
    %3$s
    """
        .formatted(folder.server(), registry, pki.options("both"));
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
