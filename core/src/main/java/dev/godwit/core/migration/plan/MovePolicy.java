package dev.godwit.core.migration.plan;

import dev.godwit.core.model.HandOver;
import java.util.Optional;

/**
 * What the configuration permits; option names are Nova's where the meaning is the same.
 *
 * @param handOver for every move; empty to decide by the guest's disks and their locks
 */
public record MovePolicy(
    boolean permitPostCopy,
    boolean permitAutoConverge,
    int parallelConnections,
    long bandwidthMibPerSecond,
    int downtimeLimitMs,
    Optional<HandOver> handOver) {
  /** Nova's defaults, with QEMU's own 300 ms to begin with. */
  public static final MovePolicy DEFAULT =
      new MovePolicy(false, false, 1, 0, 300, Optional.empty());
}
