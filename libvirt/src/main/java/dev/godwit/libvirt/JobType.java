package dev.godwit.libvirt;

/** What a domain's job is doing (virDomainJobType). */
public enum JobType {
  /** No job. */
  NONE(0),
  BOUNDED(1),
  /** A job without a known end: a migration. */
  UNBOUNDED(2),
  COMPLETED(3),
  FAILED(4),
  CANCELLED(5),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  JobType(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static JobType of(int code) {
    for (JobType value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
