package dev.godwit.agent.act;

import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.UndefineFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The way back at the destination: what the migration brought or made here goes. */
public final class DestinationClearing {
  private static final StepReply DONE = new StepReply.Done();
  private static final Set<RunState> STOPPED = EnumSet.of(RunState.PAUSED, RunState.CRASHED);

  private final Daemon daemon;
  private final Notebook notebook;
  private final Look look;
  private final MovingFiles files;
  private final SourceClearing left;

  public DestinationClearing(
      Daemon daemon, Notebook notebook, Look look, MovingFiles files, SourceClearing left) {
    this.daemon = daemon;
    this.notebook = notebook;
    this.look = look;
    this.files = files;
    this.left = left;
  }

  /**
   * The incoming guest, or the definition it left, is gone; refused when it runs. What is here
   * although this migration was never prepared here is somebody else's and stays.
   */
  StepReply domain(Note note) {
    if (!note.prepared()) {
      return DONE;
    }
    if (look.at(note) instanceof HostView.Seen(var _, GuestView.Active active, var _)
        && STOPPED.contains(active.state())) {
      // In one step with the look: libvirt may just be starting it.
      Acts.onDomain(
          daemon,
          note,
          domain ->
              domain.destroyIf(
                  active.domainId(), EnumSet.of(DomainState.PAUSED, DomainState.CRASHED)));
    }
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> DestinationActs.silent(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> DestinationActs.silent("fenced by " + by);
      case HostView.Seen(var _, GuestView.Active active, var _) ->
          DestinationActs.refused(
              Refusals.DESTINATION_RUNS, "a destination that does not run", active.state().name());
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, boolean ran), var _) -> {
        if (!defined) {
          yield DONE;
        }
        if (ran) {
          // The definition was the only trace of that.
          notebook.change(note.migration(), note.instance(), Note::resumed);
        }
        yield Acts.onDomain(daemon, note, DestinationClearing::undefine);
      }
    };
  }

  static void undefine(Domain domain) {
    if (domain.exists() && domain.isPersistent()) {
      if (domain.autostart()) {
        domain.setAutostart(false);
      }
      domain.undefine(
          UndefineFlag.MANAGED_SAVE, UndefineFlag.SNAPSHOTS_METADATA, UndefineFlag.KEEP_NVRAM);
    }
  }

  /** Only when no domain that came with the migration is here: it might use them. */
  StepReply files(Note note, List<DiskMove> disks) {
    if (note.over()) {
      // Ruled back when they were the instance's own already: it leaves this host as a source.
      return left.files(note, disks);
    }
    if (!note.prepared()) {
      return removeTargets(note, disks);
    }
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> DestinationActs.silent(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> DestinationActs.silent("fenced by " + by);
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _)
          when !defined ->
          removeTargets(note, disks);
      case HostView.Seen _ -> DestinationActs.inTheWay("one that is still here");
    };
  }

  /**
   * QEMU says no more than "input/output error" of a full disk; once the targets are gone, none.
   */
  private StepReply removeTargets(Note note, List<DiskMove> disks) {
    MigrationId migration = MigrationId.of(note.migration());
    Optional<Refusal> full = files.full(migration, disks);
    return files
        .removeTargets(migration, disks)
        .<StepReply>map(StepReply.Refused::new)
        .orElseGet(() -> new StepReply.Done(full));
  }
}
