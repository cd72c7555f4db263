package dev.godwit.libvirt;

/** How bad an error is (virErrorLevel). */
public enum ErrorLevel {
  NONE(0),
  WARNING(1),
  ERROR(2),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  ErrorLevel(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static ErrorLevel of(int code) {
    for (ErrorLevel value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
