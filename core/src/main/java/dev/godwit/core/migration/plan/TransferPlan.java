package dev.godwit.core.migration.plan;

import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import java.util.List;

/**
 * What was decided before anything was touched; kept with the migration.
 *
 * @param destinationUri libvirt URI of the destination's daemon, as the source reaches it
 * @param migrateUri QEMU's listening address at the destination, for example tcp:10.0.0.2
 * @param nativeTls memory and disks go through QEMU's own TLS
 * @param sharedProven every shared disk was proven to be one file on both hosts, so that libvirt's
 *     own guess may be overruled
 * @param ownerPaused the owner had paused the guest when the move began
 * @param autostart the source's autostart link was set when the move began
 * @param bandwidthMibPerSecond 0 for the hypervisor's own choice
 * @param downtimeLimitMs the permitted pause to begin with
 */
public record TransferPlan(
    HostName destination,
    String destinationUri,
    String migrateUri,
    HandOver handOver,
    List<DiskMove> disks,
    boolean nativeTls,
    boolean sharedProven,
    boolean ownerPaused,
    boolean autostart,
    boolean postCopyPermitted,
    boolean autoConvergePermitted,
    int parallelConnections,
    long bandwidthMibPerSecond,
    int downtimeLimitMs) {
  public TransferPlan {
    disks = List.copyOf(disks);
  }

  /** The disks whose content is copied. */
  public List<DiskMove> copiedDisks() {
    return disks.stream().filter(DiskMove::copied).toList();
  }

  /**
   * True when libvirt does not start the guest at the destination: a strict hand-over resumes it
   * after the commit, a guest that its owner paused stays paused.
   */
  public boolean arrivesPaused() {
    return handOver == HandOver.STRICT || ownerPaused;
  }

  /** True when a file of the guest holds, on each host, what the guest wrote there. */
  public boolean differsByHost() {
    return disks.stream().anyMatch(DiskMove::leaves);
  }

  /** True when both hosts may write one image: old memory over newer disk would be possible. */
  public boolean writableDiskShared() {
    return disks.stream().anyMatch(disk -> disk.writable() && disk.mode() == DiskMove.Mode.SHARED);
  }
}
