package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LibvirtException;
import java.util.List;
import java.util.function.Consumer;

/** What the source does in a move. */
public final class SourceActs {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Look look;
  private final Transfers transfers;
  private final PostCopyRecovery recovery;
  private final SourceFence fence;
  private final SourceClearing clearing;

  public SourceActs(
      Daemon daemon,
      Look look,
      Transfers transfers,
      PostCopyRecovery recovery,
      SourceFence fence,
      SourceClearing clearing) {
    this.daemon = daemon;
    this.look = look;
    this.transfers = transfers;
    this.recovery = recovery;
    this.fence = fence;
    this.clearing = clearing;
  }

  StepReply disarmAutostart(Note note) {
    return onDomain(
        note,
        domain -> {
          if (domain.isPersistent() && domain.autostart()) {
            domain.setAutostart(false);
          }
        });
  }

  StepReply startTransfer(Note note, TransferPlan plan) {
    return transfers.start(note, plan);
  }

  StepReply abortTransfer(Note note) {
    return transfers.abort(note);
  }

  StepReply startPostCopy(Note note) {
    return whileCopying(note, domain -> domain.job().startPostCopy());
  }

  StepReply recoverPostCopy(Note note, TransferPlan plan) {
    return recovery.recover(note, plan);
  }

  /**
   * A copy that ends while the guest is being paused leaves it paused here: the server, which sees
   * both hosts, then decides which of them goes on.
   */
  StepReply pauseToComplete(Note note) {
    return whileCopying(
        note,
        domain -> {
          if (domain.state().state() == DomainState.RUNNING) {
            domain.suspend();
          }
        });
  }

  /** Only during this guest's copy; one that ended meanwhile needs no push. */
  private StepReply whileCopying(Note note, Consumer<Domain> work) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Inactive _, var _) -> DONE;
      case HostView.Seen(var _, GuestView.Active active, var _) -> {
        if (active.job() != JobView.OUTGOING) {
          yield DONE;
        }
        try {
          yield onDomain(note, work);
        } catch (LibvirtException e) {
          if (e.isOperationInvalid()) {
            yield DONE;
          }
          throw e;
        }
      }
    };
  }

  StepReply fence(Note note, boolean looked) {
    return fence.fence(note, looked);
  }

  /** Either side. */
  StepReply suspendStray(Note note) {
    return Acts.onDomain(
        daemon,
        Daemon.Use.FENCE,
        note,
        domain -> {
          if (domain.state().state() == DomainState.RUNNING) {
            domain.suspend();
          }
        });
  }

  /** After the migration's last order here a pause is not the migration's. */
  StepReply resume(Note note) {
    if (note.over()) {
      return DONE;
    }
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Inactive _, var _) ->
          refused("source-off", "a paused guest", "one that does not run");
      case HostView.Seen(var _, GuestView.Active active, var _) ->
          idle(active) ? resume(note, active) : busy(active);
    };
  }

  /**
   * As before the move began.
   *
   * @param asked a pause that the migration made is lifted; one of an I/O error is the guest's own,
   *     one since the migration was over here its owner's
   */
  StepReply restore(Note note, Act.RestoreSource asked) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Active active, var _) when !idle(active) -> busy(active);
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _)
          when !defined ->
          asked.needed()
              ? refused(Refusals.SOURCE_GONE, "the guest or its definition", "neither")
              : DONE;
      case HostView.Seen(var _, GuestView guest, var _) ->
          onDomain(
              note,
              domain -> {
                if (asked.autostart() && domain.isPersistent() && !domain.autostart()) {
                  domain.setAutostart(true);
                }
                if (asked.resume()
                    && !note.over()
                    && guest instanceof GuestView.Active active
                    && ours(active.reason())) {
                  resumeIfPaused(domain);
                }
              });
    };
  }

  private static boolean idle(GuestView.Active active) {
    return active.job() == JobView.NONE
        && (active.state() != RunState.PAUSED
            || (active.reason() != StateReason.POST_COPY
                && active.reason() != StateReason.POST_COPY_FAILED));
  }

  private StepReply resume(Note note, GuestView.Active active) {
    return ours(active.reason()) ? onDomain(note, SourceActs::resumeIfPaused) : DONE;
  }

  private static boolean ours(StateReason reason) {
    return switch (reason) {
      case USER, MIGRATION, API_ERROR, STARTING_UP, MIGRATED, OTHER -> true;
      case IO_ERROR, POST_COPY, POST_COPY_FAILED -> false;
    };
  }

  private static void resumeIfPaused(Domain domain) {
    if (domain.state().state() == DomainState.PAUSED) {
      domain.resume();
    }
  }

  StepReply clearDefinition(Note note) {
    return clearing.definition(note);
  }

  StepReply clearFiles(Note note, List<DiskMove> disks) {
    return clearing.files(note, disks);
  }

  private StepReply onDomain(Note note, Consumer<Domain> work) {
    return Acts.onDomain(daemon, note, work);
  }

  static StepReply unknown(String why) {
    return refused("daemon-silent", "libvirt's answer", why);
  }

  private static StepReply busy(GuestView.Active active) {
    return refused("source-busy", "a guest without a job", active.job() + ", " + active.reason());
  }

  static StepReply runs() {
    return refused(Refusals.SOURCE_RUNS, "a source that is gone or paused", "one that runs");
  }

  static StepReply refused(String code, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, "source", expected, found, "Wait; it is tried again."));
  }
}
