package dev.godwit.libvirt;

/** Why a domain is in its state (virDomainRunningReason and the like for the other states). */
public enum StateReason {
  CRASHED_UNSPECIFIED(DomainState.CRASHED, 0),
  CRASHED_PANICKED(DomainState.CRASHED, 1),
  PAUSED_UNSPECIFIED(DomainState.PAUSED, 0),
  PAUSED_USER(DomainState.PAUSED, 1),
  PAUSED_MIGRATION(DomainState.PAUSED, 2),
  PAUSED_SAVE(DomainState.PAUSED, 3),
  PAUSED_DUMP(DomainState.PAUSED, 4),
  PAUSED_IO_ERROR(DomainState.PAUSED, 5),
  PAUSED_WATCHDOG(DomainState.PAUSED, 6),
  PAUSED_FROM_SNAPSHOT(DomainState.PAUSED, 7),
  PAUSED_SHUTTING_DOWN(DomainState.PAUSED, 8),
  PAUSED_SNAPSHOT(DomainState.PAUSED, 9),
  PAUSED_CRASHED(DomainState.PAUSED, 10),
  PAUSED_STARTING_UP(DomainState.PAUSED, 11),
  PAUSED_POSTCOPY(DomainState.PAUSED, 12),
  PAUSED_POSTCOPY_FAILED(DomainState.PAUSED, 13),
  PAUSED_API_ERROR(DomainState.PAUSED, 14),
  RUNNING_UNSPECIFIED(DomainState.RUNNING, 0),
  RUNNING_BOOTED(DomainState.RUNNING, 1),
  RUNNING_MIGRATED(DomainState.RUNNING, 2),
  RUNNING_RESTORED(DomainState.RUNNING, 3),
  RUNNING_FROM_SNAPSHOT(DomainState.RUNNING, 4),
  RUNNING_UNPAUSED(DomainState.RUNNING, 5),
  RUNNING_MIGRATION_CANCELED(DomainState.RUNNING, 6),
  RUNNING_SAVE_CANCELED(DomainState.RUNNING, 7),
  RUNNING_WAKEUP(DomainState.RUNNING, 8),
  RUNNING_CRASHED(DomainState.RUNNING, 9),
  RUNNING_POSTCOPY(DomainState.RUNNING, 10),
  RUNNING_POSTCOPY_FAILED(DomainState.RUNNING, 11),
  SHUTOFF_UNSPECIFIED(DomainState.SHUTOFF, 0),
  SHUTOFF_SHUTDOWN(DomainState.SHUTOFF, 1),
  SHUTOFF_DESTROYED(DomainState.SHUTOFF, 2),
  SHUTOFF_CRASHED(DomainState.SHUTOFF, 3),
  SHUTOFF_MIGRATED(DomainState.SHUTOFF, 4),
  SHUTOFF_SAVED(DomainState.SHUTOFF, 5),
  SHUTOFF_FAILED(DomainState.SHUTOFF, 6),
  SHUTOFF_FROM_SNAPSHOT(DomainState.SHUTOFF, 7),
  SHUTOFF_DAEMON(DomainState.SHUTOFF, 8),
  /** A number that this binding does not know. */
  UNKNOWN(DomainState.UNKNOWN, -1);

  private final DomainState state;
  private final int code;

  StateReason(DomainState state, int code) {
    this.state = state;
    this.code = code;
  }

  /** What this belongs to. */
  public DomainState state() {
    return state;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static StateReason of(DomainState state, int code) {
    for (StateReason value : values()) {
      if (value.state == state && value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}
