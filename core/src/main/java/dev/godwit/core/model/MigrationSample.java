package dev.godwit.core.model;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Progress of a copy at one moment. A side channel: nothing is decided by it alone.
 *
 * @param memoryBps bytes a second that the copy reaches
 * @param dirtyPagesPerSecond pages of pageSizeBytes that the guest dirties
 * @param iteration QEMU's dirty-sync count
 * @param diskRemainingBytes by target, for copied disks
 * @param downtimeMs libvirt's reported pause, once known
 */
public record MigrationSample(
    Instant at,
    boolean postCopy,
    long elapsedMs,
    long memoryTotalBytes,
    long memoryProcessedBytes,
    long memoryRemainingBytes,
    long diskTotalBytes,
    long diskProcessedBytes,
    Map<String, Long> diskRemainingBytes,
    long memoryBps,
    long dirtyPagesPerSecond,
    long pageSizeBytes,
    long iteration,
    long downtimeLimitMs,
    OptionalLong downtimeMs) {
  public MigrationSample {
    diskRemainingBytes = Map.copyOf(diskRemainingBytes);
  }

  /** What is left of all copied disks. */
  public long diskRemainingTotalBytes() {
    return diskTotalBytes - diskProcessedBytes;
  }
}
