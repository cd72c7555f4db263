package dev.godwit.lab;

import dev.godwit.lab.guest.GuestImage;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Pki;
import dev.godwit.lab.host.PostgresqlCluster;
import java.util.List;
import java.util.stream.Collectors;

/** The TOML files with which the lab's server and agents start. */
final class LabConfiguration {
  static final int API_PORT = 8774;
  static final int REGISTRY_PORT = 8775;
  static final int AGENT_PORT = 8776;

  /** The lab guest among the images. */
  static final String IMAGE_ID = "60d31700-0000-4000-9000-000000000001";

  private LabConfiguration() {}

  static void writeServer(LabFolder folder, LabServer server, String database) {
    LabFolder.write(
        server.configuration(folder),
        """
        [server]
        name = "%9$s"

        [database]
        %10$s

        [api]
        bind_host = "%2$s"
        bind_port = %3$d
        admin_token_file = "%1$s/admin.token"

        [registry]
        bind_host = "%2$s"
        bind_port = %4$d

        [tls]
        %5$s

        [libvirt]

        [[image]]
        id = "%6$s"
        name = "lab-guest"
        kernel = "/srv/guest/vmlinuz"
        initrd = "/srv/guest/initrd.gz"
        arguments = "%8$s"

        %7$s
        """
            .formatted(
                folder.server(),
                Addresses.SERVER,
                server.apiPort(),
                server.registryPort(),
                new Pki(folder).options("server"),
                IMAGE_ID,
                flavors(),
                GuestImage.ARGUMENTS,
                "server-" + server.number(),
                database));
  }

  /** The options of a database that one server has for itself. */
  static String sqlite(LabFolder folder) {
    return "connection = \"sqlite:///%s/godwit.db\"".formatted(folder.server());
  }

  /** The options of a database that servers share. */
  static String postgresql(PostgresqlCluster cluster) {
    return "connection = \"postgresql://%s@127.0.0.1:%d/%s\"\npassword_file = \"%s\""
        .formatted(
            PostgresqlCluster.USER,
            cluster.port(),
            PostgresqlCluster.DATABASE,
            cluster.passwordFile());
  }

  private static String flavors() {
    StringBuilder text = new StringBuilder();
    for (int memoryMib : new int[] {64, 96, 128, 256, 512}) {
      text.append(
          """
          [[flavor]]
          id = "lab.%1$d"
          name = "lab.%1$d"
          memory_mib = %1$d
          vcpus = 1
          disk_gib = 0

          """
              .formatted(memoryMib));
    }
    return text.toString();
  }

  static void writeAgent(LabFolder folder, LabHost host, List<LabServer> servers, boolean tls) {
    LabFolder.write(
        host.home().resolve("agent.toml"),
        """
        [agent]
        host = "%1$s"
        address = "%2$s"
        bind_port = %3$d
        state_directory = "%4$s"
        servers = [%5$s]
        stop_patience_seconds = 5

        [libvirt]
        uri = "qemu:///system"
        virt_type = "qemu"
        live_migration_uri = "%6$s"
        live_migration_with_native_tls = %7$b
        live_migration_inbound_addr = "%2$s"
        plain_text_permitted = %8$b

        [directories]
        shared = "/srv/shared/instances"
        local = "/srv/local/instances"

        [network]
        bridge = "br0"

        [tls]
        %9$s
        """
            .formatted(
                host.name(),
                host.address(),
                AGENT_PORT,
                host.home().resolve("agent"),
                servers.stream()
                    .map(it -> "\"%s:%d\"".formatted(Addresses.SERVER, it.registryPort()))
                    .collect(Collectors.joining(", ")),
                tls ? "qemu+tls://%s/system" : "qemu+tcp://%s/system",
                tls,
                !tls,
                new Pki(folder).options(host.name())));
  }
}
