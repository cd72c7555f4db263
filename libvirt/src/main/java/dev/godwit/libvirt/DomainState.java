package dev.godwit.libvirt;

/** What a domain does (virDomainState). */
public enum DomainState {
  NO_STATE(0),
  RUNNING(1),
  BLOCKED(2),
  PAUSED(3),
  /** It is being shut down. */
  SHUTDOWN(4),
  SHUTOFF(5),
  CRASHED(6),
  PM_SUSPENDED(7),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  DomainState(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static DomainState of(int code) {
    for (DomainState value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
