package dev.godwit.libvirt;

/** Why a connection ended (virConnectCloseReason, and this binding's own). */
public enum CloseReason {
  ERROR(0),
  /** The daemon went away. */
  END_OF_FILE(1),
  /** The daemon was silent for too long. */
  KEEP_ALIVE(2),
  CLIENT(3),
  /** A call had no answer in time, so this binding gave the connection up. */
  DEADLINE(1000),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  CloseReason(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static CloseReason of(int code) {
    for (CloseReason value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
