package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DiskMove.Mode;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import java.util.List;

/** Makes the plan for a destination whose checks all passed. */
public final class Planner {
  private Planner() {}

  /** True when no check refused. */
  public static boolean passed(List<CheckResult> results) {
    return results.stream().allMatch(CheckResult::passed);
  }

  /** The plan; only for a destination that passed. */
  public static TransferPlan plan(
      HostName host,
      GuestFacts guest,
      DestinationFacts destination,
      MigrationRequest request,
      MovePolicy policy) {
    List<DiskMove> disks =
        guest.disks().stream()
            .filter(disk -> disk.local() || disk.nvram())
            .map(disk -> move(disk, destination))
            .toList();
    boolean writableShared =
        disks.stream().anyMatch(disk -> disk.writable() && disk.mode() == Mode.SHARED);
    HandOver handOver =
        request
            .handOver()
            .or(policy::handOver)
            .orElse(
                writableShared && !GuestLock.of(guest, destination).proven()
                    ? HandOver.STRICT
                    : HandOver.FAST);
    boolean postCopy =
        policy.permitPostCopy() && handOver == HandOver.FAST && !guest.pausedByOwner();
    return new TransferPlan(
        host,
        destination.destinationUri(),
        destination.migrateUri(),
        handOver,
        disks,
        destination.nativeTls(),
        writableShared,
        guest.pausedByOwner(),
        guest.autostart(),
        postCopy,
        policy.permitAutoConverge() && !postCopy,
        policy.parallelConnections(),
        policy.bandwidthMibPerSecond(),
        policy.downtimeLimitMs());
  }

  /** The room at the destination that a plan for it claims. */
  public static List<DiskClaim> claims(GuestFacts guest, DestinationFacts destination) {
    return DiskClaim.of(guest, destination);
  }

  private static DiskMove move(GuestFacts.DiskFacts disk, DestinationFacts destination) {
    return new DiskMove(
        disk.target(),
        disk.path(),
        disk.format(),
        disk.virtualSizeBytes(),
        disk.backingFile(),
        disk.writable(),
        destination.sharedPaths().contains(disk.path()) ? Mode.SHARED : own(disk));
  }

  private static Mode own(GuestFacts.DiskFacts disk) {
    if (disk.nvram()) {
      return Mode.NVRAM;
    }
    return disk.writable() ? Mode.COPIED : Mode.PRESENT;
  }
}
