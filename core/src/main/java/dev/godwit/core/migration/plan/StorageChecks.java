package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of each disk, and whether the candidate can do it.
 *
 * @param name the candidate
 */
record StorageChecks(String name, GuestFacts guest, DestinationFacts destination) {
  void add(CheckList checks, MigrationRequest request) {
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      if (disk.readOverNetwork()) {
        overNetwork(checks, disk);
      } else if (disk.local()) {
        disk(checks, disk, destination.sharedPaths().contains(disk.path()), request);
      }
    }
    lock(checks);
    checks.check(
        "backing-files",
        name,
        destination.missingBackingFiles().isEmpty(),
        "the same backing files, kernel and firmware",
        destination.missingBackingFiles().isEmpty()
            ? "all there, the images of the same size and the same samples"
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
  private void lock(CheckList checks) {
    List<GuestFacts.DiskFacts> written =
        guest.disks().stream().filter(disk -> disk.writable() && disk.local()).toList();
    if (written.isEmpty()) {
      return;
    }
    boolean shared =
        written.stream().anyMatch(disk -> destination.sharedPaths().contains(disk.path()));
    checks.check(
        "cross-host-lock",
        name,
        true,
        shared
            ? "a lock that keeps two hosts from running the guest on one disk"
            : "a lock that keeps two hosts from running the guest",
        GuestLock.of(guest, destination).words(shared),
        shared
            ? "Nothing: without a lock the guest arrives paused and starts when the source is seen gone."
            : "Nothing; 'godwit agent lock' on both hosts sets one up.");
    drivers(checks);
  }

  /** libvirt moves a guest between them all the same; it then runs without its lock. */
  private void drivers(CheckList checks) {
    Optional<String> there = guest.leases().driver();
    Optional<String> here = destination.leases().driver();
    if (there.isPresent() && here.isPresent() && !there.equals(here)) {
      checks.warn(
          "lock-manager",
          name,
          "libvirt's lock manager of the source, " + there.get(),
          here.get(),
          "Set up the same on both hosts with 'godwit agent lock', and restart libvirtd.");
    }
  }

  private void disk(
      CheckList checks, GuestFacts.DiskFacts disk, boolean shared, MigrationRequest request) {
    String found = shared ? "shared with " + name : "not shared with " + name;
    if (!disk.writable()) {
      readOnly(checks, disk, shared);
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
  private void readOnly(CheckList checks, GuestFacts.DiskFacts disk, boolean shared) {
    Optional<String> trouble =
        Optional.ofNullable(destination.readOnlyTrouble().get(disk.path())).filter(it -> !shared);
    checks.check(
        "storage",
        disk.target(),
        trouble.isEmpty(),
        "the same read-only %s on both hosts".formatted(disk.path()),
        trouble
            .map(why -> "at %s %s".formatted(name, why))
            .orElse(
                shared
                    ? "read-only, shared with " + name
                    : "read-only, of the same size and the same samples at both"),
        "Copy it to the same path there, put it in a shared directory, or eject it from the guest.");
  }

  private void overNetwork(CheckList checks, GuestFacts.DiskFacts disk) {
    checks.warn(
        "storage",
        disk.target(),
        "a read-only image that both hosts reach over the network",
        "%s, which was not tried from %s".formatted(disk.path(), name),
        "Nothing, if %s may reach it, too; if not, the move fails and the guest stays."
            .formatted(name));
  }
}
