package dev.godwit.libvirt;

/**
 * A domain's state and why, as virDomainGetState gives it.
 *
 * @param reasonCode libvirt's number, also when {@code reason} is UNKNOWN
 */
public record DomainStateReason(DomainState state, StateReason reason, int reasonCode) {
  static DomainStateReason of(int state, int reason) {
    DomainState known = DomainState.of(state);
    return new DomainStateReason(known, StateReason.of(known, reason), reason);
  }

  /** Whether a hypervisor process exists for it (running, paused, shutting down and the like). */
  public boolean active() {
    return switch (state) {
      case RUNNING, BLOCKED, PAUSED, SHUTDOWN, PM_SUSPENDED, CRASHED -> true;
      case SHUTOFF, NO_STATE, UNKNOWN -> false;
    };
  }
}
