package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Resources;
import java.util.List;
import java.util.Optional;

/** Every pre-check, in Nova's order (conductor, destination, source), each with its reason. */
public final class Checks {
  private Checks() {}

  /** Checks of the guest where it is; they do not depend on the candidate. */
  public static List<CheckResult> ofGuest(GuestFacts guest) {
    CheckList checks = new CheckList();
    state(checks, guest);
    checks.check(
        "devices",
        guest.name(),
        guest.immovable().isEmpty(),
        "only devices that libvirt can move",
        guest.immovable().isEmpty() ? "none other" : String.join(", ", guest.immovable()),
        "Detach these devices, then migrate again.");
    checks.check(
        Refusals.GUEST_BUSY,
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
    emulated(checks, guest);
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      checks.check(
          "disk-kind",
          disk.target(),
          disk.local() || disk.readOverNetwork() || disk.nvram(),
          "a disk in a file, or a read-only one on a block device or a network",
          disk.kind() + " " + disk.path(),
          "Godwit does not move disks of this kind yet.");
    }
    return checks.results();
  }

  /**
   * QEMU before 9.0 forgets to bring an emulated CPU's TLB up to date when it fetches the dirty
   * pages of even memory, so that some later writes are not copied; whoever moves the guest.
   */
  private static void emulated(CheckList checks, GuestFacts guest) {
    if (guest.virtType().equals("qemu")
        && !guest.unevenMemory()
        && guest.hypervisorVersion() < GuestFacts.EVEN_MEMORY_MOVES_WHOLE) {
      checks.warn(
          "emulated-memory",
          guest.name(),
          "KVM, or QEMU 9.0 or later",
          "an emulated guest in QEMU %s, which may lose some of the guest's writes to memory as it moves"
              .formatted(Versions.text(guest.hypervisorVersion())),
          "Move it with KVM, or after an upgrade of QEMU and a restart; or move it switched off.");
    }
  }

  /** Checks of a candidate that need only what the server knows. */
  public static List<CheckResult> ofHost(
      HostFacts host, HostName source, Resources wanted, boolean sourceUp) {
    CheckList checks = new CheckList();
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
        host.free().memoryMib() >= wanted.memoryMib(),
        wanted.memoryMib() + " MiB that nobody has claimed",
        host.free().memoryMib() + " MiB",
        "Choose a host with more room, or move something away from it.");
    checks.check(
        "vcpus",
        name,
        host.free().vcpus() >= wanted.vcpus(),
        wanted.vcpus() + " vCPUs that nobody has claimed",
        String.valueOf(host.free().vcpus()),
        "Choose a host with more vCPUs left, or move something away from it.");
    return checks.results();
  }

  /**
   * Checks of a candidate against the instance's earlier moves: they would clear what comes now.
   */
  public static List<CheckResult> ofDebts(HostName host, boolean owes) {
    CheckList checks = new CheckList();
    checks.check(
        "nothing-owed",
        host.value(),
        !owes,
        "a host where earlier moves of the instance are all cleared up",
        owes ? "one whose clean-up is not done yet, for it was known dead" : "nothing owed",
        "Wait until it is done ('godwit migration list'), or choose another host.");
    return checks.results();
  }

  /** Checks of a candidate that need its agent's answer. */
  public static List<CheckResult> ofDestination(
      HostFacts host, GuestFacts guest, DestinationFacts destination, MigrationRequest request) {
    return new DestinationChecks(host, guest, destination).results(request);
  }

  /**
   * Checks of a plan that need the source's agent: it has to reach the destination, and to tidy up
   * afterwards.
   */
  public static List<CheckResult> ofDeparture(
      HostName source, TransferPlan plan, DepartureFacts departure) {
    CheckList checks = new CheckList();
    for (DiskMove disk : plan.disks()) {
      if (disk.leaves()) {
        Optional<String> kept = Optional.ofNullable(departure.keptDisks().get(disk.target()));
        checks.check(
            "disk-owned",
            disk.target(),
            kept.isEmpty(),
            "a file that may be removed from %s after the move".formatted(source),
            kept.map(why -> disk.path() + ": " + why).orElse("the instance's own"),
            "Name the file itself in the guest's definition, then adopt the guest again, so that its disks are marked as its own; or put the disk where both hosts see it.");
      }
    }
    links(checks, source, plan, departure.links());
    return checks.results();
  }

  /**
   * libvirt's own way has to be open. QEMU's is tried at libvirt's port there, which a firewall may
   * close although QEMU's are open: that only warns.
   */
  private static void links(
      CheckList checks, HostName source, TransferPlan plan, List<DepartureFacts.Link> links) {
    for (DepartureFacts.Link link : links) {
      if (!link.equals(links.getFirst()) && link.trouble().isPresent()) {
        checks.warn(
            "link",
            "%s to %s".formatted(source, plan.destination()),
            "QEMU's address reached, " + link.address(),
            link.trouble().get(),
            "See that QEMU's ports, 49152 to 49215, are open there.");
        continue;
      }
      checks.check(
          "link",
          "%s to %s".formatted(source, plan.destination()),
          link.trouble().isEmpty(),
          "a connection to " + link.address(),
          link.trouble().orElse("connected"),
          "Mend the network or the firewall between the two hosts; see that libvirtd listens there; compare live_migration_uri and live_migration_inbound_addr of %s."
              .formatted(plan.destination()));
    }
  }

  private static void state(CheckList checks, GuestFacts guest) {
    boolean strangelyPaused = guest.powerState() == PowerState.PAUSED && !guest.pausedByOwner();
    checks.check(
        "guest-state",
        guest.name(),
        !strangelyPaused
            && (guest.powerState() == PowerState.RUNNING
                || guest.powerState() == PowerState.PAUSED),
        "a guest that runs or was paused by its owner",
        strangelyPaused ? "PAUSED, not by its owner" : guest.powerState().name(),
        strangelyPaused
            ? "Find out why (an I/O error, a move that broke), resume it, then migrate again."
            : "Start the guest, or move its definition and disks while it is off.");
  }
}
