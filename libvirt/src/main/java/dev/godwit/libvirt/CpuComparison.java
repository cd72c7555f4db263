package dev.godwit.libvirt;

/** What a host makes of a CPU (virCPUCompareResult). */
public enum CpuComparison {
  INCOMPATIBLE(0),
  IDENTICAL(1),
  /** The host has all of it, and more. */
  SUPERSET(2),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  CpuComparison(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static CpuComparison of(int code) {
    for (CpuComparison value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
