package dev.godwit.core.search;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.util.List;
import java.util.Optional;
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
    PAUSED_BY_MOVE,
    /** paused (12): the source of a post-copy; its memory is still wanted. */
    POST_COPY,
    /** paused (13): the same, and its daemon knows no way on. Its job lives for ever. */
    POST_COPY_FAILED
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
    CONFIRMING,
    /** A post-copy that nobody calls for any more; the job lives until QEMU is done. */
    UNATTENDED
  }

  /** How far the destination's daemon is. */
  enum Arrival {
    NONE,
    PREPARED,
    FINISHING,
    DEFINED,
    /**
     * Started; paused where the hand-over is strict. In a post-copy Finish waits for all memory.
     */
    STARTED,
    /** Started in a post-copy, and Finish is over without its end. */
    UNATTENDED
  }

  /** How far a post-copy is. */
  enum PostCopy {
    NONE,
    /** Ordered; QEMU switches when it comes to it. */
    ASKED,
    /** The source has switched, memory goes over. */
    ON,
    /** Memory does not go over any more, unless it is recovered. */
    BROKEN,
    /** All memory is over there. */
    DONE
  }

  /** Whose copied disk is as the guest left it last. */
  enum Newest {
    HERE,
    /** All that the source has is over there, and it has not run since. */
    SAME,
    THERE
  }

  /** What is at the destination of the disk. */
  enum Files {
    NONE,
    MARKED,
    OWNED
  }

  Migration migration;
  final TransferPlan plan;
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
  PostCopy postCopy = PostCopy.NONE;
  boolean abortAsked;

  /** Finish's answer, once it is over: good or bad. */
  boolean finishedWell;

  /** How often the source's agent made the call. */
  int attempts;

  /** The source's agent restarted and could not see yet whether its call goes on. */
  boolean callLost;

  /** The agent that made the call lives and will hear its answer. */
  boolean callHeld;

  /** The daemons hear each other, and so do both QEMUs. */
  boolean link = true;

  /** The server and the host's agent hear each other. */
  boolean sourceHeard = true;

  boolean destinationHeard = true;

  boolean sourceDisk = true;
  Files files = Files.NONE;

  /** Two copies that run at once are newer than each other: then the last one alone counts. */
  Newest newest = Newest.HERE;

  /** The guest ran at the destination. */
  boolean ranAtDestination;

  /** The source ran on although the destination had all its memory. */
  boolean ranOn;

  /** Both ran, and it was libvirt that started the second. */
  boolean split;

  /** A host lost its power: what it ran at that moment nobody can tell. */
  boolean powerLost;

  /**
   * libvirt ended a guest by itself, at the destination before its start or at the source in
   * Confirm: an agent that was not there all the time cannot tell whether that had run.
   */
  boolean unwitnessed;

  /** How often an operator may yet be wrong about a host that is silent. */
  int errors;

  /** A living host was fenced: what is decided then may be wrong, and has to be put right. */
  boolean mistaken;

  /** Home by all that is recorded, it was deleted there, or moved on to a third host. */
  boolean movedOn;

  /** An earlier migration of the instance, whose record was lost, is not over for these hosts. */
  boolean olderAtSource;

  boolean olderAtDestination;

  /** Home by all that is recorded, its owner paused it there: it is theirs to resume. */
  boolean pausedSince;

  /** Its owner may do so. */
  private boolean ownerPauses;

  /** Hosts that lost their power come back, at any time or never; else they never do. */
  private boolean hostsReturn = true;

  /** The record before its newest entry, where a database may lose that. */
  Optional<Migration> before = Optional.empty();

  /** Else it is over within libvirt's patience. */
  private boolean finishMayHang;

  /** By the record no copy was ever planned. */
  private boolean unrecorded;

  private boolean entriesLast = true;
  private boolean leases;

  /** What operators may wish without its counting as something that goes wrong. */
  int wishesFree;

  int faultsLeft;
  String broken = "";

  /** Before anything was made, with what may go wrong. */
  World(Migration migration, int faults) {
    this.migration = migration;
    this.plan = migration.planned();
    this.source = Side.home(atHome(), plan.autostart());
    this.destination = Side.empty();
    this.faultsLeft = faults;
  }

  /** The same, and orders of an earlier migration may still be on their way. */
  static World afterLostRecord(Migration migration, int faults) {
    World world = new World(migration, faults);
    world.olderAtSource = true;
    world.olderAtDestination = true;
    return world;
  }

  /** An operator may once take a silent host for dead. */
  static World withAnError(Migration migration, int faults) {
    return new World(migration, faults).after(w -> w.errors = 1);
  }

  /** A host that loses its power is gone for good. */
  static World ofNoReturn(Migration migration, int faults) {
    return new World(migration, faults).after(w -> w.hostsReturn = false);
  }

  /** The database may lose its newest entry, although it had said that it was there. */
  static World withALosingDatabase(Migration migration, int faults) {
    return new World(migration, faults).after(w -> w.entriesLast = false);
  }

  /** An operator may once wish something beside all that goes wrong. */
  static World withAWish(Migration migration, int faults) {
    return new World(migration, faults).after(w -> w.wishesFree = 1);
  }

  /** A lock manager guards all disks, also those that are copied. */
  static World withLeases(Migration migration, int faults) {
    return new World(migration, faults).after(w -> w.leases = true);
  }

  /** A lock lets no second copy run. */
  boolean locks() {
    return leases || plan.writableDiskShared();
  }

  /** A first try was interrupted and left the source paused: its agent and daemon were killed. */
  static World withASourceLeftPaused(Migration transferring, int faults) {
    World world = new World(transferring, faults);
    long epoch = transferring.epoch().value();
    world.attempts = 1;
    world.source =
        world
            .source
            .autostart(false)
            .guest(Guest.PAUSED_BY_MOVE)
            .note(Note.NEW.raised(epoch).with(new TransferRecord.Interrupted(1)));
    world.destination = world.destination.note(Note.NEW.raised(epoch).listening());
    world.files = Files.MARKED;
    return world;
  }

  /**
   * It arrived paused, the link was cut, and libvirt let the source run on while its agent was
   * dead: nobody heard how the call ended.
   */
  static World withASourceThatRanOn(Migration transferring, int faults) {
    World world = withASourceLeftPaused(transferring, faults);
    world.source = world.source.guest(Guest.RUNNING);
    world.destination = world.destination.guest(Guest.PAUSED).defined(true);
    world.ranOn = true;
    return world;
  }

  /** The source's daemon was killed in Finish, which takes as long as it likes over there. */
  static World withAFinishThatHangs(Migration transferring, int faults) {
    World world = withASourceLeftPaused(transferring, faults);
    world.finishMayHang = true;
    world.source =
        world.source.note(world.source.note().with(new TransferRecord.Ended("its daemon went")));
    world.destination = world.destination.guest(Guest.PAUSED_BY_MOVE);
    world.arrival = Arrival.FINISHING;
    world.newest = Newest.SAME;
    return world;
  }

  /**
   * The copy goes on, and by the record nothing is planned yet: it has lost all entries, and an
   * operator aborts what is left.
   */
  static World withAnUnrecordedCopy(Migration transferring, int faults) {
    World world = new World(transferring, faults);
    long epoch = transferring.epoch().value();
    world.unrecorded = true;
    world.migration =
        Moves.in(new Phase.Accepted(), world.plan, new Wishes(true, false))
            .with(transferring.epoch().next());
    world.attempts = 1;
    world.callHeld = true;
    world.call = Call.COPYING;
    world.arrival = Arrival.PREPARED;
    world.postCopy = world.plan.postCopyPermitted() ? PostCopy.ASKED : PostCopy.NONE;
    world.source = world.source.autostart(false).note(Note.NEW.raised(epoch).started());
    world.destination =
        world.destination.guest(Guest.PAUSED_BY_MOVE).note(Note.NEW.raised(epoch).listening());
    world.files = Files.MARKED;
    return world;
  }

  /** Its end was forced, it failed, and the destination died before it was cleared. */
  static World withADestinationThatOwes(Migration failed, int faults) {
    World world = new World(failed, faults);
    long epoch = failed.epoch().value();
    world.ownerPauses = true;
    world.attempts = 1;
    world.source =
        world.source.note(
            Note.NEW.raised(epoch).with(new TransferRecord.Ended("failed")).closed(epoch));
    world.destination =
        world.destination.note(Note.NEW.raised(epoch).listening()).dead(false).fenced(true);
    world.files = Files.MARKED;
    return world;
  }

  /**
   * The record goes on; what it was may come back. Not from before anything was made: what is left
   * then is the sweeper's to tell, and one that lost more is a world of its own.
   */
  void journal(Migration next) {
    boolean made =
        !(migration.phase() instanceof Phase.Accepted
            || migration.phase() instanceof Phase.Planned);
    before = entriesLast || !made ? Optional.empty() : Optional.of(migration);
    migration = next;
  }

  /** Nothing but libvirt's Finish is awaited, and that for longer than its patience. */
  boolean finishHangs() {
    return finishMayHang && (arrival == Arrival.FINISHING || arrival == Arrival.DEFINED);
  }

  boolean unrecorded() {
    return unrecorded;
  }

  boolean ownerPauses() {
    return ownerPauses && !pausedSince && !plan.ownerPaused();
  }

  boolean hostsReturn() {
    return hostsReturn;
  }

  /** What the guest does where it lives, as its owner wants it. */
  Guest atHome() {
    return plan.ownerPaused() || pausedSince ? Guest.PAUSED : Guest.RUNNING;
  }

  /** A guest that runs at the destination needs memory which only the source has. */
  boolean memoryIsMissing() {
    return postCopy == PostCopy.ON || postCopy == PostCopy.BROKEN;
  }

  /** The documented exception: a side of a post-copy is gone before its end. */
  boolean lost() {
    return memoryIsMissing() && (!source.active() || !destination.active());
  }

  /** This world after a change. */
  World after(Consumer<World> change) {
    try {
      World next = (World) clone();
      change.accept(next);
      if (next.source.runs() != next.destination.runs()) {
        next.newest = next.source.runs() ? Newest.HERE : Newest.THERE;
      }
      return next;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "%s; source %s, destination %s; call %s, arrival %s; disk there %s, here %s"
        .formatted(
            migration.phase() + (migration.owed().isEmpty() ? "" : " owing " + migration.owed()),
            source,
            destination,
            call,
            arrival,
            files,
            sourceDisk);
  }
}
