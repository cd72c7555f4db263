package dev.godwit.libvirt;

/** How a guest is started (virDomainCreateFlags). */
public enum CreateFlag implements Flag {
  /** The vCPUs do not start. */
  PAUSED(1 << 0),
  /** The guest ends with this connection. */
  AUTODESTROY(1 << 1),
  BYPASS_CACHE(1 << 2),
  /** A managed save image is thrown away. */
  FORCE_BOOT(1 << 3),
  /** The XML must fit libvirt's schema. */
  VALIDATE(1 << 4),
  RESET_NVRAM(1 << 5);

  private final int bit;

  CreateFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
