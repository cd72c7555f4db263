package dev.godwit.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.godwit.lab.host.LabFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** godwit lab: real hosts on one machine. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = "Several real libvirt hosts on this machine, in namespaces of their own.")
public final class LabCommand {
  @Option(
      names = "--folder",
      scope = ScopeType.INHERIT,
      description =
          "The lab's folder; several labs live side by side. Default: $GODWIT_LAB or /var/lib/godwit/lab.")
  Path folder = Lab.defaultFolder();

  private static final long MOST_MIB = 1L << 30;

  private final PrintStream out = System.out;

  private Lab lab() {
    return Lab.at(folder);
  }

  @Command(
      name = "up",
      description = "Start the lab, or what is missing of it.",
      mixinStandardHelpOptions = true)
  int up(
      @Option(names = "--hosts", defaultValue = "2", description = "How many hosts (1 to 9).")
          int hosts,
      @Option(names = "--tls", description = "libvirt and QEMU use TLS.") boolean tls,
      @Option(
              names = "--replicas",
              paramLabel = "N",
              description =
                  "How many servers (1 to 9); several share a PostgreSQL. Default: what the lab has, or 1.")
          Optional<Integer> replicas,
      @Option(
              names = "--database",
              paramLabel = "KIND",
              description = "sqlite or postgresql. Default: what the lab has, or sqlite.")
          Optional<String> database,
      @Option(
              names = "--lockd",
              description =
                  "libvirt's lock manager on every host, with leases in the shared directory: no second host starts a running guest.")
          boolean lockd) {
    long began = System.nanoTime();
    Lab lab = lab();
    lab.up(new LabOptions(hosts, tls, true, servers(replicas, database), lockd));
    out.printf(
        "The lab is up: %d hosts, %.1f s. API %s, token in %s%n",
        hosts,
        (System.nanoTime() - began) / 1e9,
        String.join(" and ", lab.apis().stream().map(Object::toString).toList()),
        lab.tokenFile());
    return 0;
  }

  /** What the words mean; empty for what the lab has. */
  static Optional<LabServers> servers(Optional<Integer> replicas, Optional<String> database) {
    if (replicas.isEmpty() && database.isEmpty()) {
      return Optional.empty();
    }
    String kind = database.orElse("sqlite");
    if (!kind.equals("sqlite") && !kind.equals("postgresql")) {
      throw LabFailure.usage("--database: expected sqlite or postgresql, found '" + kind + "'");
    }
    return Optional.of(new LabServers(replicas.orElse(1), kind.equals("postgresql")));
  }

  @Command(
      name = "down",
      description = "End everything and remove it.",
      mixinStandardHelpOptions = true)
  int down() {
    out.println(lab().down() ? "The lab is down." : "There was no lab in " + folder + ".");
    return 0;
  }

  @Command(name = "status", description = "What runs.", mixinStandardHelpOptions = true)
  int status(@Option(names = "--json", description = "For programs.") boolean json)
      throws JsonProcessingException {
    LabStatus status = lab().status();
    if (json) {
      out.println(
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(status));
      return 0;
    }
    for (LabStatus.Server server : status.servers()) {
      out.printf("%s %s API %s%n", server.name(), word(server.pid()), word(server.api()));
    }
    if (status.postgresql() != null) {
      out.printf("postgresql %s%n", status.postgresql());
    }
    for (LabStatus.Host host : status.hosts()) {
      out.printf(
          "%s %s libvirtd %s virtlogd %s virtlockd %s agent %s%n",
          host.name(),
          host.address(),
          word(host.pids().libvirtd()),
          word(host.pids().virtlogd()),
          word(host.pids().virtlockd()),
          word(host.pids().agent()));
      host.guests()
          .forEach(
              guest -> out.printf("    %s %s %s%n", guest.uuid(), guest.name(), guest.state()));
    }
    return 0;
  }

  private static String word(@org.jspecify.annotations.Nullable Object value) {
    return value == null ? "off" : value.toString();
  }

  @Command(
      name = "exec",
      description = "Run a program on a host; once it runs, its exit code is the command's.",
      mixinStandardHelpOptions = true)
  int exec(
      @Parameters(paramLabel = "HOST", description = "h1, h2, …, server, server2, … or postgresql.")
          String host,
      @Parameters(
              paramLabel = "CMD",
              arity = "1..*",
              description = "The program and its words, after --.")
          List<String> argv)
      throws IOException, InterruptedException {
    return new ProcessBuilder(lab().inside(host, argv)).inheritIO().start().waitFor();
  }

  @Command(
      name = "start",
      description =
          "Start what was killed: a host's agent or libvirtd, a host, a server, or PostgreSQL.",
      mixinStandardHelpOptions = true)
  int start(
      @Parameters(paramLabel = "HOST", description = "h1, h2, …, server, server2, … or postgresql.")
          String host,
      @Parameters(
              paramLabel = "PROCESS",
              arity = "0..1",
              defaultValue = "",
              description =
                  "agent, libvirtd, or host for all of it; nothing after a server or postgresql.")
          String daemon) {
    lab().start(host, daemon);
    return 0;
  }

  @Command(
      name = "kill",
      description =
          "Kill -9 a host's agent or libvirtd, a server or PostgreSQL; or cut a host's power.",
      mixinStandardHelpOptions = true)
  int kill(
      @Parameters(paramLabel = "HOST", description = "h1, h2, …, server, server2, … or postgresql.")
          String host,
      @Parameters(
              paramLabel = "PROCESS",
              arity = "0..1",
              defaultValue = "",
              description =
                  "agent, libvirtd, or host for all of it; nothing after a server or postgresql.")
          String daemon) {
    lab().kill(host, daemon);
    return 0;
  }

  @Command(
      name = "limit",
      description = "Give a host's own directory an end, for disks that become full.",
      mixinStandardHelpOptions = true)
  int limit(
      @Parameters(paramLabel = "HOST", description = "h1, h2, …") String host,
      @Parameters(paramLabel = "MIB", description = "So much and no more; 0 takes the end away.")
          long mebibytes) {
    if (mebibytes < 0 || mebibytes > MOST_MIB) {
      throw LabFailure.usage("MIB: expected 0 to %d, found %d".formatted(MOST_MIB, mebibytes));
    }
    if (mebibytes == 0) {
      lab().unlimitLocalDisk(host);
    } else {
      lab().limitLocalDisk(host, mebibytes << 20);
    }
    return 0;
  }

  @Command(
      name = "cut",
      description = "Cut the link between two hosts, or a host and the server.",
      mixinStandardHelpOptions = true)
  int cut(
      @Parameters(
              paramLabel = "HOST_A",
              description = "h1, h2, …, server, server2, … or postgresql.")
          String a,
      @Parameters(
              paramLabel = "HOST_B",
              description = "h1, h2, …, server, server2, … or postgresql.")
          String b) {
    lab().cut(a, b);
    return 0;
  }

  @Command(name = "heal", description = "Mend all cuts.", mixinStandardHelpOptions = true)
  int heal() {
    lab().heal();
    return 0;
  }
}
