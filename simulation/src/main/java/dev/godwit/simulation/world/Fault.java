package dev.godwit.simulation.world;

import java.time.Duration;
import java.util.List;

/** What goes wrong, where, and for how long. */
public record Fault(When when, What what, Where where, Duration lasts) {
  /** Whose a fault is, of those that a move depends on. */
  public enum Side {
    SOURCE,
    DESTINATION,
    /** The one that owns the move. */
    SERVER,
    /** Of what is between them, or theirs together. */
    BETWEEN
  }

  /** Kinds of faults, and whose each can be. */
  public enum What {
    SERVER_KILLED(Whose.SERVERS),
    SERVER_FROZEN(Whose.SERVERS),
    AGENT_KILLED(Whose.HOSTS),
    AGENT_FROZEN(Whose.HOSTS),
    LIBVIRTD_KILLED(Whose.HOSTS),
    LIBVIRTD_FROZEN(Whose.HOSTS),
    LOCK_DAEMON_KILLED(Whose.HOSTS),
    QEMU_KILLED(Whose.HOSTS),
    GUEST_SHUTS_DOWN(Whose.HOSTS),
    HOST_DIES(Whose.HOSTS),
    HOST_DIES_AND_IS_FENCED(Whose.HOSTS),
    LINK_BETWEEN_HOSTS_CUT(Whose.BETWEEN),
    LINK_TO_SERVER_CUT(Whose.HOSTS),
    WORDS_TO_SERVER_LOST(Whose.HOSTS),
    WORDS_FROM_SERVER_LOST(Whose.HOSTS),
    MESSAGES_UNRELIABLE(Whose.BETWEEN),
    CLOCK_JUMPS(Whose.HOSTS_OR_SERVERS),
    DATABASE_AWAY(Whose.BETWEEN),
    DATABASE_FAILS(Whose.BETWEEN),
    COMMITS_UNLEARNED(Whose.BETWEEN),
    DATABASE_SLOW(Whose.BETWEEN),
    DISK_FULL(Whose.HOSTS),
    PROGRAM_FAILS(Whose.BETWEEN);

    private final Whose whose;

    What(Whose whose) {
      this.whose = whose;
    }

    /** A host's first, as far as it can be a host's. */
    List<Side> sides() {
      return switch (whose) {
        case SERVERS -> List.of(Side.SERVER);
        case HOSTS -> List.of(Side.SOURCE, Side.DESTINATION);
        case HOSTS_OR_SERVERS -> List.of(Side.SOURCE, Side.DESTINATION, Side.SERVER);
        case BETWEEN -> List.of(Side.BETWEEN);
      };
    }
  }

  private enum Whose {
    SERVERS,
    HOSTS,
    HOSTS_OR_SERVERS,
    BETWEEN
  }

  /** Which of a move's hosts. */
  public enum Where {
    SOURCE,
    DESTINATION
  }
}
