package dev.godwit.core.model;

/** Nova's power_state with its number on the API. */
public enum PowerState {
  NOSTATE(0),
  RUNNING(1),
  PAUSED(3),
  SHUTDOWN(4),
  CRASHED(6),
  SUSPENDED(7);

  private final int code;

  PowerState(int code) {
    this.code = code;
  }

  /** The number on the API. */
  public int code() {
    return code;
  }
}
