package dev.godwit.lab;

import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import java.nio.file.Files;
import java.util.List;

/** What a user names by words: every name is checked, and told what the right ones are. */
final class LabControl {
  static final String SERVER = "server";
  private static final String POSTGRESQL = "postgresql";
  private static final String AGENT = "agent";
  private static final String LIBVIRTD = "libvirtd";
  private static final String HOST = "host";

  private final LabFolder folder;
  private final Switch labSwitch;
  private final GodwitProcesses godwit;

  LabControl(LabFolder folder, Switch labSwitch, GodwitProcesses godwit) {
    this.folder = folder;
    this.labSwitch = labSwitch;
    this.godwit = godwit;
  }

  /** A host that the lab has. */
  LabHost host(String name) {
    List<String> names = folder.hosts();
    if (!names.isEmpty() && !names.contains(name)) {
      throw LabFailure.notFound(
          "host: expected one of %s, found '%s'".formatted(String.join(", ", names), name));
    }
    var _ = labSwitch.required();
    return new LabHost(folder, name);
  }

  /** The namespaces of a host that is on, or those of the switch, beside the server. */
  Namespaces place(String name) {
    return LabServer.isName(name) ? labSwitch.required() : host(name).required();
  }

  void start(String name, String daemon, boolean tls) {
    switch (process(name, daemon)) {
      case AGENT -> godwit.startAgent(host(name));
      case LIBVIRTD -> host(name).startLibvirtd();
      case HOST -> {
        host(name).start(labSwitch, tls);
        if (Files.exists(host(name).home().resolve("agent.toml"))) {
          godwit.startAgent(host(name));
        }
      }
      case POSTGRESQL -> godwit.database().start();
      default -> {
        LabServer server = server(name);
        godwit.startServer(server);
        godwit.awaitApi(server);
      }
    }
  }

  void kill(String name, String daemon) {
    String wanted = process(name, daemon);
    switch (wanted) {
      case HOST -> host(name).required().kill();
      case POSTGRESQL -> godwit.database().crash();
      case SERVER ->
          godwit
              .server(server(name))
              .orElseThrow(() -> LabFailure.notFound(name + " does not run"))
              .kill();
      default ->
          host(name)
              .daemon(wanted)
              .orElseThrow(() -> LabFailure.notFound(wanted + " of " + name + " does not run"))
              .kill();
    }
  }

  void cut(String a, String b) {
    if (a.equals(b)) {
      throw LabFailure.usage("cut: expected two different ends, found " + a + " twice");
    }
    labSwitch.cut(end(a), end(b));
  }

  /** A server that the lab has. */
  private LabServer server(String name) {
    LabServer server = LabServer.of(name);
    if (!godwit.servers().contains(server)) {
      throw LabFailure.notFound(
          "server: expected one of %s, found '%s'"
              .formatted(
                  String.join(", ", godwit.servers().stream().map(LabServer::name).toList()),
                  name));
    }
    return server;
  }

  private String end(String name) {
    return name.equals(SERVER) ? name : host(name).name();
  }

  /** One of a host's processes, all of the host, or the server. */
  private static String process(String name, String daemon) {
    if (name.equals(POSTGRESQL) && daemon.isEmpty()) {
      return POSTGRESQL;
    }
    if (LabServer.isName(name) && (daemon.isEmpty() || daemon.equals(SERVER))) {
      return SERVER;
    }
    if (LabServer.isName(name)
        || name.equals(POSTGRESQL)
        || !List.of(AGENT, LIBVIRTD, HOST).contains(daemon)) {
      throw LabFailure.usage(
          "process: expected agent, libvirtd or host after a host's name, or just 'server', 'server2', … or 'postgresql', found '%s'"
              .formatted((name + " " + daemon).strip()));
    }
    return daemon;
  }

  /** A process of the lab by the same words, if it runs. */
  java.util.Optional<RecordedProcess> find(String name, String daemon) {
    return daemon.equals(SERVER)
        ? godwit.server(LabServer.of(name))
        : new LabHost(folder, name).daemon(daemon);
  }
}
