package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The checks that need the candidate's own answer. */
final class DestinationChecks {
  private final HostFacts host;
  private final String name;
  private final GuestFacts guest;
  private final DestinationFacts destination;
  private final CheckList checks = new CheckList();

  DestinationChecks(HostFacts host, GuestFacts guest, DestinationFacts destination) {
    this.host = host;
    this.name = host.name().value();
    this.guest = guest;
    this.destination = destination;
  }

  List<CheckResult> results(MigrationRequest request) {
    hypervisor();
    new StorageChecks(name, guest, destination).add(checks, request);
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
        "Install QEMU's certificates in /etc/pki/qemu there, ones that are valid now, and set live_migration_with_native_tls; or permit plain text.");
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

  private void room() {
    checks.check(
        "free-memory",
        name,
        destination.freeMemoryMib() >= guest.memoryMib(),
        guest.memoryMib() + " MiB free",
        destination.freeMemoryMib() + " MiB",
        "Choose a host with more memory.");
    DiskClaim.of(guest, destination).stream()
        .collect(
            Collectors.groupingBy(
                claim -> claim.room().fileSystem(), LinkedHashMap::new, Collectors.toList()))
        .forEach(this::diskRoom);
  }

  /** The disks want their room together, and beside what other moves have yet to write. */
  private void diskRoom(String fileSystem, List<DiskClaim> claims) {
    long wanted = claims.stream().mapToLong(DiskClaim::bytes).sum();
    long free = claims.stream().mapToLong(claim -> claim.room().freeBytes()).min().orElse(0);
    long claimed = host.claimedBytesByFileSystem().getOrDefault(fileSystem, 0L);
    checks.check(
        "disk-room",
        "%s %s".formatted(name, each(claims, DiskClaim::target)),
        free - claimed >= wanted,
        "room for %d bytes at %s".formatted(wanted, each(claims, DiskClaim::path)),
        claimed == 0
            ? free + " bytes"
            : "%d bytes, %d of them claimed by other moves".formatted(free, claimed),
        claimed == 0
            ? "Make room on that file system."
            : "Make room on that file system, or wait until other moves to this host are over.");
  }

  private static String each(List<DiskClaim> claims, Function<DiskClaim, String> what) {
    return claims.stream().map(what).collect(Collectors.joining(", "));
  }
}
