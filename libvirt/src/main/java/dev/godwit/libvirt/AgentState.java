package dev.godwit.libvirt;

/** Whether the guest's agent is there (virConnectDomainEventAgentLifecycleState). */
public enum AgentState {
  CONNECTED(1),
  DISCONNECTED(2),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  AgentState(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static AgentState of(int code) {
    for (AgentState value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
