package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Every pre-check, in Nova's order (conductor, destination, source), each with its reason. */
public final class Checks {
  private final List<CheckResult> results = new ArrayList<>();

  private Checks() {}

  /** Checks of the guest where it is; they do not depend on the candidate. */
  public static List<CheckResult> ofGuest(GuestFacts guest) {
    Checks checks = new Checks();
    checks.check(
        "guest-state",
        guest.name(),
        guest.powerState() == PowerState.RUNNING || guest.powerState() == PowerState.PAUSED,
        "a running or paused guest",
        guest.powerState().name(),
        "Start the guest, or move its definition and disks while it is off.");
    checks.check(
        "devices",
        guest.name(),
        guest.immovable().isEmpty(),
        "only devices that libvirt can move",
        guest.immovable().isEmpty() ? "none other" : String.join(", ", guest.immovable()),
        "Detach these devices, then migrate again.");
    checks.check(
        "guest-busy",
        guest.name(),
        guest.busy().isEmpty(),
        "no block job, snapshot or other job",
        guest.busy().orElse("none"),
        "Wait until it is over, then migrate again.");
    checks.check(
        "managed-save",
        guest.name(),
        !guest.managedSave(),
        "no managed save image",
        guest.managedSave() ? "one" : "none",
        "Remove it with virsh managedsave-remove.");
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      checks.check(
          "disk-kind",
          disk.target(),
          disk.kind().equals("file") || !disk.writable(),
          "a disk in a file",
          disk.kind() + " " + disk.path(),
          "Godwit does not move disks of this kind yet.");
    }
    return checks.results;
  }

  /** Checks of a candidate that need only what the server knows. */
  public static List<CheckResult> ofHost(
      HostFacts host, HostName source, long memoryMib, boolean sourceUp) {
    Checks checks = new Checks();
    String name = host.name().value();
    checks.check(
        "not-itself",
        name,
        !host.name().equals(source),
        "another host than the source",
        name,
        "Name another host, or none to let Godwit choose.");
    checks.check(
        "source-alive",
        source.value(),
        sourceUp,
        "a source whose agent answers",
        sourceUp ? "alive" : "silent",
        "Start the agent on the source.");
    checks.check(
        "destination-alive",
        name,
        host.up(),
        "a host whose agent answers",
        host.up() ? "alive" : "silent",
        "Start the agent on this host, or choose another.");
    checks.check(
        "destination-enabled",
        name,
        host.enabled(),
        "an enabled host",
        host.enabled() ? "enabled" : "disabled: " + host.disabledReason(),
        "Enable the host, or choose another.");
    checks.check(
        "memory",
        name,
        host.freeMemoryMib() >= memoryMib,
        memoryMib + " MiB that nobody has claimed",
        host.freeMemoryMib() + " MiB",
        "Choose a host with more room, or move something away from it.");
    return checks.results;
  }

  /** Checks of a candidate that need its agent's answer. */
  public static List<CheckResult> ofDestination(
      HostName host, GuestFacts guest, DestinationFacts destination, MigrationRequest request) {
    Checks checks = new Checks();
    String name = host.value();
    checks.hypervisor(name, guest, destination);
    checks.storage(name, guest, destination, request);
    checks.room(name, guest, destination);
    return checks.results;
  }

  private void hypervisor(String name, GuestFacts guest, DestinationFacts destination) {
    check(
        "hypervisor-type",
        name,
        destination.virtTypes().contains(guest.virtType()),
        guest.virtType(),
        String.join(", ", destination.virtTypes()),
        "Choose a host with the same kind of virtualization.");
    check(
        "hypervisor-version",
        name,
        destination.hypervisorVersion() >= guest.hypervisorVersion(),
        "at least " + version(guest.hypervisorVersion()),
        version(destination.hypervisorVersion()),
        "Upgrade QEMU there first.");
    check(
        "machine-type",
        name,
        destination.machineSupported(),
        guest.machine(),
        destination.machineSupported() ? "supported" : "not known there",
        "Choose a host whose QEMU knows this machine type.");
    check(
        "cpu",
        name,
        destination.cpu() != CpuVerdict.INCOMPATIBLE,
        "the running guest's CPU",
        destination.cpuDetail().isEmpty() ? destination.cpu().name() : destination.cpuDetail(),
        "Choose a host with these features, or give the guest a lesser CPU model.");
    check(
        "bridges",
        name,
        destination.missingBridges().isEmpty(),
        String.join(", ", guest.bridges()),
        destination.missingBridges().isEmpty()
            ? "all there"
            : "missing " + String.join(", ", destination.missingBridges()),
        "Make these bridges on the host.");
    check(
        "transport",
        name,
        destination.nativeTls() || destination.plainPermitted(),
        "QEMU's native TLS, or plain transport permitted by the configuration",
        "neither",
        "Install QEMU's certificates and set live_migration_with_native_tls, or permit plain text.");
    check(
        "name-free",
        name,
        destination.domainInTheWay().isEmpty(),
        "no domain with the guest's name or UUID",
        destination.domainInTheWay().orElse("none"),
        "Find out whose domain that is; Godwit does not touch it.");
  }

  private void storage(
      String name, GuestFacts guest, DestinationFacts destination, MigrationRequest request) {
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      boolean shared = destination.sharedPaths().contains(disk.path());
      boolean wanted = request.copyDisks().map(copy -> copy != shared).orElse(true);
      check(
          "storage",
          disk.target(),
          wanted || !disk.writable(),
          request.copyDisks().orElse(false)
              ? "a disk of the host's own (block_migration is true)"
              : "a disk that both hosts share (block_migration is false)",
          shared ? "shared with " + name : "not shared with " + name,
          "Ask with block_migration \"auto\".");
    }
    check(
        "backing-files",
        name,
        destination.missingBackingFiles().isEmpty(),
        "the same backing files",
        destination.missingBackingFiles().isEmpty()
            ? "all there"
            : "missing " + String.join(", ", destination.missingBackingFiles()),
        "Copy these images to the host first.");
    check(
        "path-free",
        name,
        destination.inTheWay().isEmpty(),
        "nothing where the disks go",
        destination.inTheWay().isEmpty() ? "nothing" : String.join(", ", destination.inTheWay()),
        "Find out whose files these are; Godwit does not touch them.");
  }

  private void room(String name, GuestFacts guest, DestinationFacts destination) {
    check(
        "free-memory",
        name,
        destination.freeMemoryMib() >= guest.memoryMib(),
        guest.memoryMib() + " MiB free",
        destination.freeMemoryMib() + " MiB",
        "Choose a host with more memory.");
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      if (!destination.sharedPaths().contains(disk.path())) {
        long room = destination.freeBytesByPath().getOrDefault(disk.path(), 0L);
        check(
            "disk-room",
            name + " " + disk.target(),
            room >= disk.allocatedBytes(),
            "room for " + disk.allocatedBytes() + " bytes at " + disk.path(),
            room + " bytes",
            "Make room on that file system.");
      }
    }
  }

  private void check(
      String code, String subject, boolean passed, String expected, String found, String remedy) {
    results.add(new CheckResult(passed, new Refusal(code, subject, expected, found, remedy)));
  }

  private static String version(long number) {
    return "%d.%d.%d".formatted(number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
  }
}
