package dev.godwit.core.migration.plan;

/** What the configuration permits; option names are Nova's where the meaning is the same. */
public record MovePolicy(
    boolean permitPostCopy,
    boolean permitAutoConverge,
    int parallelConnections,
    long bandwidthMibPerSecond,
    int downtimeLimitMs) {
  /** Nova's defaults, with QEMU's own 300 ms to begin with. */
  public static final MovePolicy DEFAULT = new MovePolicy(false, false, 1, 0, 300);
}
