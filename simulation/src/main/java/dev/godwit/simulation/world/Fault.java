package dev.godwit.simulation.world;

import java.time.Duration;

/** What goes wrong, where, and for how long. */
public record Fault(When when, What what, Where where, Duration lasts) {
  /** Kinds of faults. */
  public enum What {
    SERVER_KILLED,
    SERVER_FROZEN,
    AGENT_KILLED,
    AGENT_FROZEN,
    LIBVIRTD_KILLED,
    LIBVIRTD_FROZEN,
    LOCK_DAEMON_KILLED,
    QEMU_KILLED,
    GUEST_SHUTS_DOWN,
    HOST_DIES,
    HOST_DIES_AND_IS_FENCED,
    LINK_BETWEEN_HOSTS_CUT,
    LINK_TO_SERVER_CUT,
    WORDS_TO_SERVER_LOST,
    WORDS_FROM_SERVER_LOST,
    MESSAGES_UNRELIABLE,
    CLOCK_JUMPS,
    DATABASE_AWAY,
    DATABASE_FAILS,
    COMMITS_UNLEARNED,
    DATABASE_SLOW,
    DISK_FULL,
    PROGRAM_FAILS
  }

  /** Which of a move's hosts. */
  public enum Where {
    SOURCE,
    DESTINATION
  }
}
