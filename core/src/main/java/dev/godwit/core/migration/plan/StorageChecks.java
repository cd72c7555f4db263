package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
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
