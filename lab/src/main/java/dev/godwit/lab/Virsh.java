package dev.godwit.lab;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.RecordedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** libvirt's own client, as the witness that is not Godwit. */
public final class Virsh {
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private final LabHost host;

  public Virsh(LabHost host) {
    this.host = host;
  }

  /** Runs virsh on the host's socket. */
  public Argv.Result run(Duration deadline, String... words) {
    List<String> argv = new ArrayList<>(List.of("virsh", "-q", "-c", host.libvirtUri()));
    argv.addAll(List.of(words));
    return Argv.run(deadline, argv);
  }

  /** Runs virsh; {@link dev.godwit.lab.host.LabFailure} unless it ends with 0. */
  public String must(String... words) {
    List<String> argv = new ArrayList<>(List.of("virsh", "-q", "-c", host.libvirtUri()));
    argv.addAll(List.of(words));
    return Argv.must(DEADLINE, argv);
  }

  /** Every domain, running or not; empty when libvirtd does not answer. */
  public List<LabStatus.Guest> guests() {
    Argv.Result list = run(DEADLINE, "list", "--all", "--uuid", "--name");
    if (!list.ok()) {
      return List.of();
    }
    return list.out()
        .lines()
        .map(line -> line.strip().split("\\s+", 2))
        .filter(words -> words.length == 2)
        .flatMap(words -> guest(words[0], words[1]).stream())
        .toList();
  }

  /** UUIDs of the domains that start with the host; empty when libvirtd does not answer. */
  public List<String> startingWithHost() {
    Argv.Result list = run(DEADLINE, "list", "--all", "--autostart", "--uuid");
    return list.ok()
        ? list.out().lines().map(String::strip).filter(uuid -> !uuid.isEmpty()).toList()
        : List.of();
  }

  private Optional<LabStatus.Guest> guest(String uuid, String name) {
    Argv.Result state = run(DEADLINE, "domstate", uuid);
    return state.ok()
        ? Optional.of(
            new LabStatus.Guest(uuid, name, qemuPid(uuid).orElse(null), state.out().strip()))
        : Optional.empty();
  }

  /** Pid on the machine of the guest's QEMU on this host. */
  public Optional<Long> qemuPid(String uuid) {
    return host.running()
        .flatMap(space ->
            RecordedProcess.children(space.pid()).stream()
                .filter(pid -> RecordedProcess.commandLine(pid).contains("-uuid " + uuid))
                .findFirst());
  }
}
