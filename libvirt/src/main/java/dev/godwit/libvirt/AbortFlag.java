package dev.godwit.libvirt;

/** How a job is aborted (virDomainAbortJobFlagsValues). */
public enum AbortFlag implements Flag {
  /** Breaks a post-copy migration, which can be resumed; without it that is refused. */
  POSTCOPY(1 << 0);

  private final int bit;

  AbortFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
