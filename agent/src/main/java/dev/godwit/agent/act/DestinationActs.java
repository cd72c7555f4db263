package dev.godwit.agent.act;

import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.UndefineFlag;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the destination does in a move. */
public final class DestinationActs {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final HostEvents events;
  private final Notebook notebook;
  private final Look look;
  private final InstanceFiles files;

  public DestinationActs(
      Daemon daemon, HostEvents events, Notebook notebook, Look look, InstanceFiles files) {
    this.daemon = daemon;
    this.events = events;
    this.notebook = notebook;
    this.look = look;
    this.files = files;
  }

  /** Reserves the places of copied disks, and from here on listens for this guest's events. */
  StepReply prepareDirectories(MigrationId migration, InstanceId instance, List<DiskMove> disks) {
    if (events.session().isEmpty()) {
      return refused("daemon-silent", "libvirt's events", "no connection to libvirt");
    }
    Optional<StepReply> inTheWay = clearLeftDefinition(instance);
    if (inTheWay.isPresent()) {
      return inTheWay.get();
    }
    Optional<Refusal> refusal = files.reserve(instance, migration, disks);
    if (refusal.isPresent()) {
      return new StepReply.Refused(refusal.get());
    }
    notebook.change(migration, instance, note -> note.watched(events.session()));
    return DONE;
  }

  /**
   * A definition of this instance that a dead migration left is ours to clear: the guest runs at
   * the source, and nothing of this migration has begun here.
   */
  private Optional<StepReply> clearLeftDefinition(InstanceId instance) {
    return daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          Domain domain = connection.domain(instance.value());
          if (!domain.exists()) {
            return Optional.empty();
          }
          if (domain.isActive()) {
            return Optional.of(
                refused("domain-in-the-way", "no domain of this instance", "one that is active"));
          }
          if (notebook.about(instance).isEmpty()) {
            return Optional.of(
                refused(
                    "domain-in-the-way",
                    "no domain of this instance",
                    "a definition that no migration left here"));
          }
          domain.undefine(UndefineFlag.MANAGED_SAVE, UndefineFlag.KEEP_NVRAM);
          return Optional.empty();
        });
  }

  StepReply prepareDisks(MigrationId migration, List<DiskMove> disks) {
    return reply(files.makeTargets(migration, disks));
  }

  /** Runs, or stays paused for its owner, defined, autostart as it was. */
  StepReply run(Note note, boolean resume, boolean autostart) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> refused("daemon-silent", "libvirt's answer", why);
      case HostView.Seen(var _, GuestView.Inactive(boolean _, var _, boolean mayHaveRun), var _) ->
          // It ran here and ended by itself: that is for its owner to mend.
          mayHaveRun
              ? DONE
              : refused("destination-empty", "the guest at the destination", "no guest");
      case HostView.Seen(var _, GuestView.Active active, var _) -> {
        if (active.job() == JobView.INCOMING) {
          yield refused("still-arriving", "a guest that has arrived", "one that is arriving");
        }
        yield onDomain(
            InstanceId.of(note.instance()), domain -> settle(domain, active, resume, autostart));
      }
    };
  }

  private static void settle(
      Domain domain, GuestView.Active active, boolean resume, boolean autostart) {
    // A guest that already ran here and was paused since was paused by somebody: not ours to undo.
    if (resume && active.state() == RunState.PAUSED && !active.resumedSeen()) {
      domain.resume();
    }
    if (autostart && active.persistent() && !domain.autostart()) {
      domain.setAutostart(true);
    }
  }

  /** The incoming guest, or the definition it left, is gone; refused when it runs. */
  StepReply clearDomain(Note note) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> refused("daemon-silent", "libvirt's answer", why);
      case HostView.Seen(var _, GuestView.Active active, var _) -> {
        if (active.state() == RunState.RUNNING) {
          yield refused("destination-runs", "a destination that does not run", "a running guest");
        }
        yield onDomain(
            InstanceId.of(note.instance()),
            domain -> {
              domain.destroy();
              undefine(domain);
            });
      }
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _) ->
          defined ? onDomain(InstanceId.of(note.instance()), DestinationActs::undefine) : DONE;
    };
  }

  private static void undefine(Domain domain) {
    if (domain.exists() && domain.isPersistent()) {
      domain.undefine(UndefineFlag.MANAGED_SAVE, UndefineFlag.KEEP_NVRAM);
    }
  }

  StepReply clearFiles(MigrationId migration, List<DiskMove> disks) {
    files.removeTargets(migration, disks);
    return DONE;
  }

  StepReply own(InstanceId instance, MigrationId migration, List<DiskMove> disks) {
    files.own(instance, migration, disks);
    return DONE;
  }

  private StepReply onDomain(InstanceId instance, Consumer<Domain> work) {
    try {
      daemon.ask(
          Daemon.Use.ACT,
          connection -> {
            work.accept(connection.domain(instance.value()));
            return true;
          });
      return DONE;
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return DONE;
      }
      throw e;
    }
  }

  private static StepReply reply(Optional<Refusal> refusal) {
    return refusal.<StepReply>map(StepReply.Refused::new).orElse(DONE);
  }

  private static StepReply refused(String code, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, "destination", expected, found, "Look at the host; it is tried again."));
  }
}
