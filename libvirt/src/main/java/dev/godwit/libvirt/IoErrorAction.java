package dev.godwit.libvirt;

/** What became of the guest at an I/O error (virDomainEventIOErrorAction). */
public enum IoErrorAction {
  NONE(0),
  /** The vCPUs are stopped. */
  PAUSE(1),
  /** The guest was told. */
  REPORT(2),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  IoErrorAction(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static IoErrorAction of(int code) {
    for (IoErrorAction value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
