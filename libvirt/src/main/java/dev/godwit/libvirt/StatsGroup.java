package dev.godwit.libvirt;

/** A group of statistics; none means all that are known (virDomainStatsTypes). */
public enum StatsGroup implements Flag {
  STATE(1 << 0),
  CPU_TOTAL(1 << 1),
  BALLOON(1 << 2),
  VCPU(1 << 3),
  INTERFACE(1 << 4),
  BLOCK(1 << 5),
  PERF(1 << 6),
  IOTHREAD(1 << 7),
  MEMORY(1 << 8),
  DIRTY_RATE(1 << 9),
  VM(1 << 10);

  private final int bit;

  StatsGroup(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
