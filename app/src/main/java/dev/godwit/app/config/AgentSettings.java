package dev.godwit.app.config;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.host.LibvirtUri;
import dev.godwit.core.model.HostName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The options of {@code godwit agent}, with nova.conf's names where the meaning is the same. */
public final class AgentSettings {
  private static final String SAMPLE = "192.0.2.1";

  private AgentSettings() {}

  /** Of a real host, from a file; {@link ConfigurationRefused} with all that is wrong. */
  public static AgentConfiguration read(Path file) {
    return switch (AgentDriver.read(file)) {
      case AgentDriver.Libvirt(var agent) -> agent;
      case AgentDriver.Simulated _ ->
          throw new ConfigurationRefused(
              List.of(
                  file
                      + ": agent.driver: expected libvirt, for this is about a real host, found simulated"));
    };
  }

  static AgentConfiguration of(Table root) {
    root.refuse("simulation", "no such section without driver = \"simulated\" in [agent]");
    Table agent = root.table("agent");
    String address = agent.required("address");
    return new AgentConfiguration(
        host(agent),
        address,
        agent.whole("bind_port", 8776, 0, 65_535),
        agent.path("state_directory", "/var/lib/godwit/agent"),
        servers(agent),
        Duration.ofSeconds(agent.whole("stop_patience_seconds", 60, 0, 60)),
        daemon(root.table("libvirt"), address),
        directories(root.table("directories")),
        root.table("network").text("bridge"),
        ServerSettings.tls(root.table("tls")));
  }

  /** A stand-in when it is none, so that the rest of the file is read and told with it. */
  static HostName host(Table agent) {
    String name = agent.required("host");
    try {
      return new HostName(name);
    } catch (IllegalArgumentException e) {
      if (!name.isEmpty()) {
        agent.trouble("host", "letters, digits, dots and dashes", "\"" + name + "\"");
      }
      return new HostName("unnamed");
    }
  }

  static List<String> servers(Table agent) {
    List<String> servers = agent.texts("servers", List.of());
    if (servers.isEmpty()) {
      agent.trouble("servers", "at least one \"host:port\" of a server's registry", "none");
    }
    for (String server : servers) {
      if (!server.matches("([^\\s:\\[\\]]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}")) {
        agent.trouble("servers", "\"host:port\"", "\"" + server + "\"");
      }
    }
    return servers;
  }

  private static AgentConfiguration.Daemon daemon(Table libvirt, String address) {
    String uri = libvirt.text("live_migration_uri").orElse("qemu+tls://%s/system");
    if (!reaches(uri, address)) {
      libvirt.trouble(
          "live_migration_uri",
          "a URI like qemu+tls://%s/system (or qemu+tcp, qemu+ssh; a port may follow %s, which stands for the address)",
          "\"" + uri + "\"");
    }
    String daemon = libvirt.text("uri").orElse("qemu:///system");
    if (!daemon.matches("(qemu|test)(\\+unix)?:///.*")) {
      libvirt.trouble(
          "uri",
          "this host's own libvirt, like qemu:///system: an agent acts for no other host",
          "\"" + daemon + "\"");
    }
    return new AgentConfiguration.Daemon(
        daemon,
        libvirt.word("virt_type", List.of("kvm", "qemu")),
        uri,
        libvirt.flag("live_migration_with_native_tls", true),
        libvirt.text("live_migration_inbound_addr").orElse(address),
        libvirt.flag("plain_text_permitted", false));
  }

  /** Tried with this host's own address, which is what other hosts will put there. */
  private static boolean reaches(String uri, String address) {
    try {
      return uri.contains("%s")
          && uri.matches("qemu(\\+\\w+)?://.*")
          && LibvirtUri.listening(LibvirtUri.at(uri, address.isEmpty() ? SAMPLE : address))
              .isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static AgentConfiguration.Directories directories(Table directories) {
    Optional<Path> shared =
        directories.text("shared").isPresent()
            ? Optional.of(directories.path("shared", "/"))
            : Optional.empty();
    return new AgentConfiguration.Directories(
        shared, directories.path("local", "/var/lib/godwit/instances"));
  }
}
