package dev.godwit.core.search;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that matters of a move at one moment: the record, the server's memory, orders on their way,
 * both agents' notes, both daemons, both guests, the disks. Equal worlds have equal futures.
 */
final class World implements Cloneable {
  /** A process. */
  enum Alive {
    UP,
    /** It neither answers nor acts, and goes on where it was. */
    FROZEN,
    DOWN
  }

  /** What a daemon makes of its guest. */
  enum Guest {
    ABSENT,
    RUNNING,
    /** paused (1): by somebody's order, or arrived by a strict hand-over. */
    PAUSED,
    /** paused (2): the source of a move that switched, or the guest that comes in. */
    PAUSED_BY_MOVE
  }

  /** How far the source's daemon is in its call. */
  enum Call {
    NONE,
    BEGIN,
    COPYING,
    SWITCHED,
    /** The memory is over there; Finish is not asked for yet. */
    PERFORMED,
    FINISHING,
    /** Finish's good answer is here: the guest is put away. */
    CONFIRMING
  }

  /** How far the destination's daemon is. */
  enum Arrival {
    NONE,
    PREPARED,
    FINISHING,
    DEFINED,
    /** Started; paused where the hand-over is strict. */
    STARTED
  }

  /** What is at the destination of the disk. */
  enum Files {
    NONE,
    MARKED,
    OWNED
  }

  /** What a host's agent has on disk, and whether its events are unbroken. */
  record Note(
      long epoch,
      TransferRecord transfer,
      boolean prepared,
      boolean unbroken,
      boolean resumedSeen,
      GuestView.End end,
      boolean over) {
    static final Note NEW =
        new Note(
            0, new TransferRecord.NotStarted(), false, false, false, GuestView.End.UNKNOWN, false);

    Note raised(long newer) {
      return new Note(Math.max(epoch, newer), transfer, prepared, unbroken, resumedSeen, end, over);
    }

    Note with(TransferRecord now) {
      return new Note(epoch, now, prepared, unbroken, resumedSeen, end, over);
    }

    Note listening() {
      return new Note(epoch, transfer, true, true, resumedSeen, end, over);
    }

    Note deaf() {
      return new Note(epoch, transfer, prepared, false, resumedSeen, end, over);
    }

    Note resumed() {
      return new Note(epoch, transfer, prepared, unbroken, true, end, over);
    }

    Note ended(GuestView.End how) {
      return new Note(epoch, transfer, prepared, unbroken, resumedSeen, how, over);
    }

    Note closed() {
      return new Note(epoch, transfer, prepared, unbroken, resumedSeen, end, true);
    }
  }

  /** One host's side. */
  record Side(
      Alive agent, Alive daemon, Guest guest, boolean defined, boolean autostart, Note note) {
    Side agent(Alive now) {
      return new Side(now, daemon, guest, defined, autostart, note);
    }

    Side daemon(Alive now) {
      return new Side(agent, now, guest, defined, autostart, note);
    }

    Side guest(Guest now) {
      return new Side(agent, daemon, now, defined, autostart, note);
    }

    Side defined(boolean now) {
      return new Side(agent, daemon, guest, now, autostart && now, note);
    }

    Side autostart(boolean now) {
      return new Side(agent, daemon, guest, defined, now, note);
    }

    Side note(Note now) {
      return new Side(agent, daemon, guest, defined, autostart, now);
    }

    boolean answers() {
      return agent == Alive.UP && daemon == Alive.UP;
    }

    boolean active() {
      return guest != Guest.ABSENT;
    }

    /** As far as the agent can tell. */
    boolean mayHaveRun() {
      boolean unbroken = note.prepared() && note.unbroken();
      return note.resumedSeen() || (defined && !unbroken);
    }
  }

  Migration migration;
  Alive server = Alive.UP;

  /** Orders of the last decision that were not sent yet. */
  List<Order> toSend = List.of();

  StepReply reply = StepReply.NONE;

  /** The source's view of a look that goes on; then those of the last whole look. */
  HostView sourceLooked = HostView.NOT_LOOKED;

  boolean looking;
  HostView lastSource = HostView.NOT_LOOKED;
  HostView lastDestination = HostView.NOT_LOOKED;

  /** libvirt's own patience passed since the last look that saw something new. */
  boolean patiencePassed;

  /** Sent, and not there yet; the server stopped waiting for them. */
  List<Order> late = List.of();

  Side source;
  Side destination;
  Call call = Call.NONE;
  Arrival arrival = Arrival.NONE;
  boolean abortAsked;

  /** Finish's answer, once it is over: good or bad. */
  boolean finishedWell;

  /** How often the source's agent made the call. */
  int attempts;

  /** The source's agent restarted and could not see yet whether its call goes on. */
  boolean callLost;

  /** The daemons hear each other. */
  boolean link = true;

  boolean sourceDisk = true;
  Files files = Files.NONE;

  /** The newest memory of the guest is the destination's: it ran there. */
  boolean ranAtDestination;

  /** It was shut down by itself or its owner. */
  boolean guestEnded;

  /** Both ran, and it was libvirt that started the second. */
  boolean split;

  final int faultsAllowed;
  int faultsLeft;
  String broken = "";

  /** Before anything was made, with what may go wrong. */
  World(Migration migration, int faults) {
    this.migration = migration;
    boolean autostart = migration.planned().autostart();
    this.source = new Side(Alive.UP, Alive.UP, atHome(), true, autostart, Note.NEW);
    this.destination = new Side(Alive.UP, Alive.UP, Guest.ABSENT, false, false, Note.NEW);
    this.faultsAllowed = faults;
    this.faultsLeft = faults;
  }

  /** What the guest does where it lives, as its owner wants it. */
  Guest atHome() {
    if (guestEnded) {
      return Guest.ABSENT;
    }
    return migration.planned().ownerPaused() ? Guest.PAUSED : Guest.RUNNING;
  }

  /** This world after a change. */
  World after(Consumer<World> change) {
    try {
      World next = (World) clone();
      change.accept(next);
      return next;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Object> parts() {
    return List.of(
        migration,
        server,
        toSend,
        reply,
        sourceLooked,
        looking,
        lastSource,
        lastDestination,
        patiencePassed,
        late,
        source,
        destination,
        call,
        arrival,
        abortAsked,
        finishedWell,
        attempts,
        callLost,
        link,
        sourceDisk,
        files,
        ranAtDestination,
        guestEnded,
        split,
        faultsLeft,
        broken);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof World world && parts().equals(world.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  @Override
  public String toString() {
    return "%s; source %s, destination %s; call %s, arrival %s; disk there %s, here %s"
        .formatted(
            migration.phase(),
            source.guest() + (source.defined() ? " defined" : ""),
            destination.guest() + (destination.defined() ? " defined" : ""),
            call,
            arrival,
            files,
            sourceDisk);
  }
}
