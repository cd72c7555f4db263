package dev.godwit.agent.host;

/** This host cannot do what its configuration says; the message says what to mend. */
public final class HostTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public HostTrouble(String what) {
    super(what);
  }
}
