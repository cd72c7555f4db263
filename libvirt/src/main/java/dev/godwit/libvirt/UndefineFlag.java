package dev.godwit.libvirt;

/** What goes with the definition (virDomainUndefineFlagsValues). */
public enum UndefineFlag implements Flag {
  MANAGED_SAVE(1 << 0),
  SNAPSHOTS_METADATA(1 << 1),
  NVRAM(1 << 2),
  KEEP_NVRAM(1 << 3),
  CHECKPOINTS_METADATA(1 << 4),
  /** Since libvirt 8.9.0. */
  TPM(1 << 5),
  /** Since libvirt 8.9.0. */
  KEEP_TPM(1 << 6);

  private final int bit;

  UndefineFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
