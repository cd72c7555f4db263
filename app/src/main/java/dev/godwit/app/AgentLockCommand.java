package dev.godwit.app;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.guest.GuestLeases;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.agent.lock.LockSetup;
import dev.godwit.agent.lock.LockState;
import dev.godwit.app.config.AgentSettings;
import dev.godwit.cli.ExitCodes;
import dev.godwit.libvirt.Connection;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** godwit agent lock: libvirt's lock manager, which keeps two hosts from running one guest. */
@Command(
    name = "lock",
    mixinStandardHelpOptions = true,
    description = {
      "Set up libvirt's lock manager, lockd, on this hypervisor host, or say what is true of it.",
      "With it no second host starts a guest that runs on another, though all else failed. Run it on every host, with the same directory. It writes /etc/libvirt/qemu.conf and qemu-lockd.conf and restarts nothing."
    })
final class AgentLockCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "/etc/godwit/agent.toml",
      description = "The agent's configuration. Default: ${DEFAULT-VALUE}.")
  Path config;

  @ArgGroup(multiplicity = "1")
  What what = new What();

  @Spec CommandSpec spec;

  /** One of them. */
  static final class What {
    @Option(
        names = "--lockspace",
        paramLabel = "DIR",
        description = "Keep leases in this directory, which every host has to have in common.")
    Optional<Path> lockspace = Optional.empty();

    @Option(names = "--check", description = "Change nothing; the exit code is 0 when all holds.")
    boolean check;
  }

  @Override
  public Integer call() throws IOException {
    AgentConfiguration agent = AgentSettings.read(config);
    LockSetup setup =
        new LockSetup(
            Path.of("/etc/libvirt"),
            Files.readAllLines(Path.of("/proc/self/mountinfo")),
            agent.directories().shared());
    PrintWriter out = spec.commandLine().getOut();
    try {
      return what.lockspace
          .map(directory -> write(setup, directory, out))
          .orElseGet(() -> check(setup, agent, out));
    } finally {
      out.flush();
    }
  }

  private static int write(LockSetup setup, Path directory, PrintWriter out) {
    List<String> changes = setup.write(directory);
    if (changes.isEmpty()) {
      out.println("Nothing to change: libvirt is configured so already.");
    } else {
      changes.forEach(change -> out.println("Written: " + change));
      out.println("Nothing was restarted. For it to count:");
      out.println("  1. Start the lock daemon: systemctl enable --now virtlockd.socket");
      out.println(
          "  2. Restart libvirt while no guest of this host is being moved: systemctl restart libvirtd (or virtqemud). Guests run on; each takes its leases when it is next started, resumed or moved.");
      out.println("  3. Do the same on every host.");
    }
    out.println(
        "See what is true with: godwit agent lock --check. Before each move the lock is tried from both hosts: godwit explain VM.");
    return ExitCodes.DONE;
  }

  private static int check(LockSetup setup, AgentConfiguration agent, PrintWriter out) {
    LockDaemon locks = new LockDaemon(Path.of("/"));
    try (Daemon daemon = new Daemon(agent.daemon().uri(), Connection::open, new MachineTempo())) {
      List<LockState.Line> lines =
          new LockState(setup, locks, new GuestLeases(daemon, locks)).lines();
      lines.forEach(line -> out.printf("%s  %s%n", line.holds() ? "yes" : "NO ", line.words()));
      out.println(
          "That the lock reaches another host is tried before each move, from both: godwit explain VM.");
      return lines.stream().allMatch(LockState.Line::holds) ? ExitCodes.DONE : ExitCodes.FAILED;
    }
  }
}
