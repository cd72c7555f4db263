package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import java.util.List;
import java.util.Optional;

/** The checks that need the candidate's own answer. */
final class DestinationChecks {
  private final String name;
  private final GuestFacts guest;
  private final DestinationFacts destination;
  private final CheckList checks = new CheckList();

  DestinationChecks(String name, GuestFacts guest, DestinationFacts destination) {
    this.name = name;
    this.guest = guest;
    this.destination = destination;
  }

  List<CheckResult> results(MigrationRequest request) {
    hypervisor();
    storage(request);
    room();
    return checks.results();
  }

  private void hypervisor() {
    checks.check(
        "hypervisor-type",
        name,
        destination.virtTypes().contains(guest.virtType()),
        guest.virtType(),
        String.join(", ", destination.virtTypes()),
        "Choose a host with the same kind of virtualization.");
    checks.check(
        "hypervisor-version",
        name,
        destination.hypervisorVersion() >= guest.hypervisorVersion(),
        "at least " + Versions.text(guest.hypervisorVersion()),
        Versions.text(destination.hypervisorVersion()),
        "Upgrade QEMU there first.");
    checks.check(
        "machine-type",
        name,
        destination.machineSupported(),
        guest.machine(),
        destination.machineSupported() ? "supported" : "not known there",
        "Choose a host whose QEMU knows this machine type.");
    checks.check(
        "cpu",
        name,
        destination.cpu() != CpuVerdict.INCOMPATIBLE,
        "the running guest's CPU",
        destination.cpuDetail().isEmpty() ? destination.cpu().name() : destination.cpuDetail(),
        "Choose a host with these features, or give the guest a lesser CPU model.");
    checks.check(
        "bridges",
        name,
        destination.missingBridges().isEmpty(),
        String.join(", ", guest.bridges()),
        destination.missingBridges().isEmpty()
            ? "all there"
            : "missing " + String.join(", ", destination.missingBridges()),
        "Make these bridges on the host.");
    checks.check(
        "transport",
        name,
        destination.nativeTls() || destination.plainPermitted(),
        "QEMU's native TLS, or plain transport permitted by the configuration",
        transport(),
        "Install QEMU's certificates and set live_migration_with_native_tls, or permit plain text.");
    checks.check(
        "name-free",
        name,
        destination.domainInTheWay().isEmpty(),
        "no domain with the guest's name or UUID",
        destination.domainInTheWay().orElse("none"),
        "Find out whose domain that is; Godwit does not touch it.");
  }

  private String transport() {
    if (destination.nativeTls()) {
      return "QEMU's native TLS";
    }
    return destination.plainPermitted() ? "plain transport permitted" : "neither";
  }

  private void storage(MigrationRequest request) {
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      if (disk.readOverNetwork()) {
        overNetwork(disk);
      } else if (disk.local()) {
        disk(disk, destination.sharedPaths().contains(disk.path()), request);
      }
    }
    lock();
    checks.check(
        "backing-files",
        name,
        destination.missingBackingFiles().isEmpty(),
        "the same backing files, kernel and firmware",
        destination.missingBackingFiles().isEmpty()
            ? "all there"
            : "missing " + String.join(", ", destination.missingBackingFiles()),
        "Copy these files to the host first.");
    checks.check(
        "path-free",
        name,
        destination.inTheWay().isEmpty(),
        "nothing where the disks go",
        destination.inTheWay().isEmpty() ? "nothing" : String.join(", ", destination.inTheWay()),
        "Find out whose files these are; Godwit does not touch them.");
  }

  /** Refuses nothing: it tells why the hand-over is what it is. */
  private void lock() {
    boolean shared =
        guest.disks().stream()
            .anyMatch(disk -> disk.writable() && destination.sharedPaths().contains(disk.path()));
    if (shared) {
      checks.check(
          "cross-host-lock",
          name,
          true,
          "a lock that keeps two hosts from running the guest on one disk",
          destination.lockProven()
              ? "proven; the hand-over is fast"
              : "not proven; the hand-over is strict",
          "Nothing: the guest arrives paused and starts when the source is seen gone.");
    }
  }

  private void disk(GuestFacts.DiskFacts disk, boolean shared, MigrationRequest request) {
    String found = shared ? "shared with " + name : "not shared with " + name;
    if (!disk.writable()) {
      readOnly(disk, shared);
      return;
    }
    if (disk.shareable()) {
      // Others may write it while it is copied.
      checks.check(
          "storage",
          disk.target(),
          shared,
          "a shareable disk that both hosts share",
          found,
          "Put the image in a shared directory, or take the disk from the guest.");
      return;
    }
    checks.check(
        "storage",
        disk.target(),
        request.copyDisks().map(copy -> copy != shared).orElse(true),
        request
            .copyDisks()
            .map(copy ->
                copy
                    ? "a disk of the host's own (block_migration is true)"
                    : "a disk that both hosts share (block_migration is false)")
            .orElse("a disk that is shared or can be copied"),
        found,
        "Ask with block_migration \"auto\".");
  }

  /** libvirt copies no such disk: the guest finds at the destination what is there. */
  private void readOnly(GuestFacts.DiskFacts disk, boolean shared) {
    Optional<String> trouble =
        Optional.ofNullable(destination.readOnlyTrouble().get(disk.path())).filter(it -> !shared);
    checks.check(
        "storage",
        disk.target(),
        trouble.isEmpty(),
        "the same read-only %s on both hosts".formatted(disk.path()),
        trouble
            .map(why -> "at %s %s".formatted(name, why))
            .orElse(shared ? "read-only, shared with " + name : "read-only, present at both"),
        "Copy it to the same path there, put it in a shared directory, or eject it from the guest.");
  }

  private void overNetwork(GuestFacts.DiskFacts disk) {
    checks.warn(
        "storage",
        disk.target(),
        "a read-only image that both hosts reach over the network",
        "%s, which was not tried from %s".formatted(disk.path(), name),
        "Nothing, if %s may reach it, too; if not, the move fails and the guest stays."
            .formatted(name));
  }

  private void room() {
    checks.check(
        "free-memory",
        name,
        destination.freeMemoryMib() >= guest.memoryMib(),
        guest.memoryMib() + " MiB free",
        destination.freeMemoryMib() + " MiB",
        "Choose a host with more memory.");
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      if (disk.local() && disk.writable() && !destination.sharedPaths().contains(disk.path())) {
        long room = destination.freeBytesByPath().getOrDefault(disk.path(), 0L);
        checks.check(
            "disk-room",
            name + " " + disk.target(),
            room >= disk.allocatedBytes(),
            "room for " + disk.allocatedBytes() + " bytes at " + disk.path(),
            room + " bytes",
            "Make room on that file system.");
      }
    }
  }
}
