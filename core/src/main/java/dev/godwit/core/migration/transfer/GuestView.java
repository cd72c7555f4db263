package dev.godwit.core.migration.transfer;

/** A guest as one host sees it: job read first, then the state, then the job again. */
public sealed interface GuestView {
  /**
   * The domain is active.
   *
   * @param domainId libvirt's number of this run; a fence names it
   * @param persistent a definition exists
   * @param resumedSeen the agent's unbroken event log since the transfer began holds `Resumed`
   */
  record Active(
      RunState state,
      StateReason reason,
      JobView job,
      int domainId,
      boolean persistent,
      boolean resumedSeen)
      implements GuestView {

    /** A migration's job lives. Another job excludes one, and moves nothing. */
    boolean migrating() {
      return job == JobView.OUTGOING || job == JobView.INCOMING;
    }

    /** Its vCPUs run, or it sleeps and may wake by itself. */
    public boolean live() {
      return state == RunState.RUNNING || state == RunState.SUSPENDED;
    }

    /** The source of a post-copy: it holds memory, and can never be resumed. */
    public boolean pausedInPostCopy() {
      return state == RunState.PAUSED
          && (reason == StateReason.POST_COPY || reason == StateReason.POST_COPY_FAILED);
    }
  }

  /**
   * The domain is not active.
   *
   * @param defined a definition exists
   * @param end how its last run ended
   * @param mayHaveRun at the destination, false only with libvirt's proof: no definition, or an
   *     unbroken event log without `Resumed`. At the source, whether it may have been resumed since
   *     the copy began: false only when the agent that made libvirt's call lived to its end and saw
   *     no `Resumed`
   */
  record Inactive(boolean defined, End end, boolean mayHaveRun) implements GuestView {}

  /** How a domain's last run ended, from the event's detail or the shut-off reason. */
  enum End {
    /** It moved away. */
    MIGRATED,
    /** Shut down by itself or its owner. */
    SHUT_DOWN,
    /** Crashed or its QEMU died. */
    CRASHED,
    /** Nobody knows. */
    UNKNOWN
  }
}
