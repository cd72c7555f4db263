package dev.godwit.libvirt;

/** How far a measurement of the dirty rate is (virDomainDirtyRateStatus). */
public enum DirtyRateStatus {
  UNSTARTED(0),
  MEASURING(1),
  MEASURED(2),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  DirtyRateStatus(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static DirtyRateStatus of(int code) {
    for (DirtyRateStatus value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
