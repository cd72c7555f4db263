package dev.godwit.libvirt;

/** What happened to a domain (virDomainEventType). */
public enum LifecycleEvent {
  DEFINED(0),
  UNDEFINED(1),
  STARTED(2),
  SUSPENDED(3),
  RESUMED(4),
  STOPPED(5),
  SHUTDOWN(6),
  PM_SUSPENDED(7),
  CRASHED(8),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  LifecycleEvent(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static LifecycleEvent of(int code) {
    for (LifecycleEvent value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
