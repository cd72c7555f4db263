package dev.godwit.libvirt;

/** Which domains to list; none means all (virConnectListAllDomainsFlags). */
public enum DomainListFlag implements Flag {
  ACTIVE(1 << 0),
  INACTIVE(1 << 1),
  PERSISTENT(1 << 2),
  TRANSIENT(1 << 3),
  RUNNING(1 << 4),
  PAUSED(1 << 5),
  SHUTOFF(1 << 6),
  OTHER(1 << 7),
  MANAGED_SAVE(1 << 8),
  NO_MANAGED_SAVE(1 << 9),
  AUTOSTART(1 << 10),
  NO_AUTOSTART(1 << 11),
  HAS_SNAPSHOT(1 << 12),
  NO_SNAPSHOT(1 << 13);

  private final int bit;

  DomainListFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
