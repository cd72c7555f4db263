package dev.godwit.agent.act;

import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.guest.MoveMark;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.IncomingStreams;
import dev.godwit.agent.look.Leftovers;
import dev.godwit.agent.look.Leftovers.Found;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import java.util.List;
import java.util.Optional;

/** What the destination does in a move. */
public final class DestinationActs {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final HostEvents events;
  private final Notebook notebook;
  private final Look look;
  private final MovingFiles files;
  private final DestinationClearing clearing;
  private final Leftovers leftovers;
  private final IncomingStreams streams;

  public DestinationActs(
      Daemon daemon,
      HostEvents events,
      Notebook notebook,
      Look look,
      MovingFiles files,
      DestinationClearing clearing,
      IncomingStreams streams) {
    this.streams = streams;
    this.daemon = daemon;
    this.events = events;
    this.notebook = notebook;
    this.look = look;
    this.files = files;
    this.clearing = clearing;
    this.leftovers = new Leftovers(events, notebook);
  }

  /** Reserves the places of copied disks, and from here on listens for this guest's events. */
  StepReply prepareDirectories(Note note, List<DiskMove> disks) {
    String session = events.session();
    if (session.isEmpty()) {
      return refused("daemon-silent", "libvirt's events", "no connection to libvirt");
    }
    Optional<StepReply> inTheWay = clearLeft(note);
    if (inTheWay.isPresent()) {
      return inTheWay.get();
    }
    InstanceId instance = InstanceId.of(note.instance());
    Optional<Refusal> refusal = files.reserve(instance, MigrationId.of(note.migration()), disks);
    if (refusal.isPresent()) {
      return new StepReply.Refused(refusal.get());
    }
    notebook.change(note.migration(), note.instance(), before -> before.watched(session));
    return DONE;
  }

  /**
   * A definition that an earlier migration of this instance left is ours to clear: the plan saw the
   * guest at the source. Once this migration is prepared here, a definition is its own doing and
   * the only trace of how far libvirt got, so it stays until the server has decided.
   */
  private Optional<StepReply> clearLeft(Note note) {
    return switch (left(note)) {
      case Found.Nothing() -> Optional.empty();
      case Found.Definition() when note.prepared() ->
          Optional.of(inTheWay("a definition that came with this migration"));
      case Found.Definition() -> {
        Acts.onDomain(daemon, note, DestinationClearing::undefine);
        yield Optional.empty();
      }
      case Found.InTheWay(String what) -> Optional.of(inTheWay(what));
    };
  }

  private Found left(Note note) {
    return daemon.ask(
        Daemon.Use.ACT,
        connection ->
            leftovers.before(
                connection, MigrationId.of(note.migration()), InstanceId.of(note.instance())));
  }

  static StepReply inTheWay(String found) {
    return refused("domain-in-the-way", "no domain of this instance", found);
  }

  /** While its memory is still coming, its QEMU has to learn of a source that is gone. */
  void seen(Note note, HostView view) {
    if (note.prepared()
        && view instanceof HostView.Seen(var _, GuestView.Active active, var _)
        && active.job() == JobView.INCOMING
        && active.state() == RunState.RUNNING
        && active.reason() == StateReason.POST_COPY) {
      Acts.onDomain(daemon, note, domain -> streams.keepAlive(domain.name()));
    }
  }

  StepReply prepareDisks(Note note, List<DiskMove> disks) {
    return reply(files.makeTargets(MigrationId.of(note.migration()), disks));
  }

  /** Runs, or stays paused for its owner, defined, autostart as it was. */
  StepReply run(Note note, boolean resume, boolean autostart) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> silent(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> silent("fenced by " + by);
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, boolean ran), var _)
          when resume && defined && !ran -> {
        var _ = Acts.onDomain(daemon, note, domain -> arm(domain, autostart));
        // It was to be resumed here and went off before: its owner has to know, but nothing
        // waits.
        yield new StepReply.Done(Optional.of(Refusals.arrivalOff(InstanceId.of(note.instance()))));
      }
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, boolean ran), var _) ->
          // It came here and ended by itself: that is for its owner to mend.
          defined || ran
              ? Acts.onDomain(daemon, note, domain -> arm(domain, defined && autostart))
              : refused("destination-empty", "the guest at the destination", "no guest");
      case HostView.Seen(var _, GuestView.Active active, var _) -> {
        // Any other job is somebody's own, as a backup is, and no arrival.
        if (active.job() == JobView.INCOMING) {
          yield refused(
              Refusals.STILL_ARRIVING, "a guest that has arrived", "one that is arriving");
        }
        yield Acts.onDomain(daemon, note, domain -> settle(domain, active, resume, autostart));
      }
    };
  }

  private static void settle(
      Domain domain, GuestView.Active active, boolean resume, boolean autostart) {
    // A guest that already ran here and was paused since was paused by somebody: not ours to undo.
    if (resume && active.state() == RunState.PAUSED && !active.resumedSeen()) {
      domain.resume();
    }
    arm(domain, autostart && active.persistent());
  }

  private static void arm(Domain domain, boolean wanted) {
    if (wanted && !domain.autostart()) {
      domain.setAutostart(true);
    }
  }

  StepReply clearDomain(Note note) {
    return clearing.domain(note);
  }

  StepReply clearFiles(Note note, List<DiskMove> disks) {
    return clearing.files(note, disks);
  }

  /** What came with the migration is the instance's own from here on. */
  StepReply own(Note note, List<DiskMove> disks) {
    files.own(InstanceId.of(note.instance()), MigrationId.of(note.migration()), disks);
    return Acts.onDomain(daemon, note, MoveMark::takeFrom);
  }

  private static StepReply reply(Optional<Refusal> refusal) {
    return refusal.<StepReply>map(StepReply.Refused::new).orElse(DONE);
  }

  static StepReply silent(String why) {
    return refused("daemon-silent", "libvirt's answer", why);
  }

  static StepReply refused(String code, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, "destination", expected, found, "Look at the host; it is tried again."));
  }
}
