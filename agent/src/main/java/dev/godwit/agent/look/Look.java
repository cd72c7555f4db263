package dev.godwit.agent.look;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.model.MigrationId;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.JobOperation;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Function;

/** Looks at a migration's guest on this host: job, state, and the job again. */
public final class Look {
  private static final int MOST_LOOKS = 5;

  private final Daemon daemon;
  private final HostEvents events;
  private final Notebook notebook;
  private final QuietGuests quiet;
  private final Clock clock;

  public Look(Daemon daemon, HostEvents events, Notebook notebook, QuietGuests quiet, Clock clock) {
    this.daemon = daemon;
    this.events = events;
    this.notebook = notebook;
    this.quiet = quiet;
    this.clock = clock;
  }

  /** What is seen; Unknown when libvirt does not answer, never an exception. */
  public HostView at(Note note) {
    if (quiet.rests(note.instance())) {
      return new HostView.Unknown("the guest's QEMU did not answer; it is asked again soon");
    }
    try {
      GuestView guest = ask(note, connection -> guest(connection, note));
      quiet.answered(note.instance());
      return new HostView.Seen(clock.instant(), guest, note.record());
    } catch (LibvirtException e) {
      if (e.kind() == LibvirtException.Kind.NO_ANSWER) {
        quiet.noAnswer(note.instance());
      }
      return new HostView.Unknown("libvirt: " + e.text());
    } catch (Unsteady | Daemon.Stopping e) {
      return new HostView.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** A migration is over on this host: its guest will not be looked at for a while. */
  public void over(Note note) {
    daemon.looked(uuid(note));
  }

  /**
   * True while libvirt's incoming job certainly goes on and nothing is new: two questions of little
   * cost, for looking often. Whoever is told false looks again in full.
   */
  boolean stillArriving(Note note) {
    try {
      return ask(
          note,
          connection -> {
            Domain domain = connection.domain(uuid(note));
            return job(domain) == JobView.INCOMING && !inPostCopy(domain.state());
          });
    } catch (LibvirtException | Daemon.Stopping e) {
      return false;
    }
  }

  /** In post-copy the job goes on for long after the guest runs here: that it runs is the news. */
  private static boolean inPostCopy(DomainStateReason state) {
    return switch (state.reason()) {
      case RUNNING_POSTCOPY, RUNNING_POSTCOPY_FAILED -> true;
      default -> false;
    };
  }

  /** Over a connection of the guest's own, which goes with the end of its move here. */
  private <T> T ask(Note note, Function<Connection, T> question) {
    return note.over() ? daemon.ask(Daemon.Use.LIST, question) : daemon.look(uuid(note), question);
  }

  private static UUID uuid(Note note) {
    return UUID.fromString(note.instance());
  }

  /** Asked after the state was read: what was noted of a run until then belongs to that state. */
  private Note newest(Note asked) {
    return notebook.find(MigrationId.of(asked.migration())).orElse(asked);
  }

  /**
   * Asked after the state was read: a session that lives then is told all that led to that state.
   * It may still be on its way here, which is one reason why what is decided by it is seen twice.
   */
  private boolean unbroken(Note note) {
    return note.prepared() && note.watchedBy().equals(events.session());
  }

  private GuestView guest(Connection connection, Note asked) {
    Domain domain = connection.domain(uuid(asked));
    try {
      for (int i = 0; i < MOST_LOOKS; i++) {
        JobView before = job(domain);
        DomainStateReason state = domain.state();
        if (!state.active()) {
          boolean defined = domain.isPersistent();
          Note note = newest(asked);
          return inactive(note, defined, state, unbroken(note));
        }
        int id = domain.id().orElse(-1);
        if (job(domain) == before && id >= 0) {
          return new GuestView.Active(
              States.run(state),
              States.reason(state),
              before,
              id,
              domain.isPersistent(),
              newest(asked).resumedSeen());
        }
      }
      throw new Unsteady();
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        // No definition: at the destination libvirt never got as far as starting the guest; at the
        // source it takes the definition away only after a hand-over that went well.
        Note note = newest(asked);
        return new GuestView.Inactive(false, note.end(), note.resumedSeen());
      }
      throw e;
    }
  }

  private static GuestView inactive(
      Note note, boolean defined, DomainStateReason state, boolean unbroken) {
    GuestView.End end = States.end(state, note);
    boolean mayHaveRun =
        note.prepared()
            ? note.resumedSeen() || (defined && !unbroken)
            : note.resumedSeen() || !note.heardTheCall();
    return new GuestView.Inactive(defined, end, mayHaveRun);
  }

  private static JobView job(Domain domain) {
    try {
      JobStats job = domain.job().stats();
      return job.type() == JobType.NONE ? JobView.NONE : kind(job.operation());
    } catch (LibvirtException e) {
      if (e.isOperationUnsupported()) {
        return JobView.INCOMING;
      }
      // An inactive domain has no job to ask for.
      if (e.isOperationInvalid()) {
        return JobView.NONE;
      }
      throw e;
    }
  }

  private static JobView kind(JobOperation operation) {
    return switch (operation) {
      case MIGRATION_OUT, UNSPECIFIED -> JobView.OUTGOING;
      case MIGRATION_IN -> JobView.INCOMING;
      case START,
          SAVE,
          RESTORE,
          SNAPSHOT,
          SNAPSHOT_REVERT,
          DUMP,
          BACKUP,
          SNAPSHOT_DELETE,
          UNKNOWN ->
          JobView.OTHER;
    };
  }

  private static final class Unsteady extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsteady() {
      super("the guest's job changes faster than it can be looked at");
    }
  }
}
