package dev.godwit.core.model;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Progress of a copy at one moment. A side channel: nothing is decided by it alone.
 *
 * @param downtimeMs libvirt's reported pause, once known
 */
public record MigrationSample(
    Instant at,
    boolean postCopy,
    long elapsedMs,
    Memory memory,
    Disks disks,
    long downtimeLimitMs,
    OptionalLong downtimeMs) {

  /**
   * The guest's memory; all zero while disks are copied, for that comes first.
   *
   * @param bps bytes a second that the copy reaches
   * @param dirtyPagesPerSecond pages of pageSizeBytes that the guest dirties
   * @param iteration QEMU's dirty-sync count
   */
  public record Memory(
      long totalBytes,
      long processedBytes,
      long remainingBytes,
      long bps,
      long dirtyPagesPerSecond,
      long pageSizeBytes,
      long iteration) {
    /** Bytes a second that the guest dirties. */
    public long dirtyBps() {
      return dirtyPagesPerSecond * pageSizeBytes;
    }
  }

  /**
   * All copied disks together.
   *
   * @param bps bytes a second that the copy reached in the last seconds
   * @param byTarget each of them while it is copied
   */
  public record Disks(long totalBytes, long processedBytes, long bps, Map<String, Disk> byTarget) {
    public Disks {
      byTarget = Map.copyOf(byTarget);
    }

    /** What is left of all of them. */
    public long remainingBytes() {
      return totalBytes - processedBytes;
    }
  }

  /** One copied disk. */
  public record Disk(long totalBytes, long remainingBytes) {}
}
