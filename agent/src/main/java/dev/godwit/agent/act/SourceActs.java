package dev.godwit.agent.act;

import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.UndefineFlag;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What the source does in a move. */
public final class SourceActs {
  /** libvirt puts its QEMU away within some 200 ms of the hand-over. */
  private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(2);

  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Look look;
  private final Transfers transfers;
  private final InstanceFiles files;

  public SourceActs(Daemon daemon, Look look, Transfers transfers, InstanceFiles files) {
    this.daemon = daemon;
    this.look = look;
    this.transfers = transfers;
    this.files = files;
  }

  StepReply disarmAutostart(InstanceId instance) {
    return onDomain(
        instance,
        domain -> {
          if (domain.isPersistent() && domain.autostart()) {
            domain.setAutostart(false);
          }
        });
  }

  StepReply startTransfer(Note note, TransferPlan plan) {
    transfers.start(note, plan);
    return DONE;
  }

  StepReply abortTransfer(Note note) {
    transfers.abort(note);
    return DONE;
  }

  StepReply startPostCopy(InstanceId instance) {
    return whileCopying(instance, domain -> domain.job().startPostCopy());
  }

  StepReply pauseToComplete(InstanceId instance) {
    return whileCopying(
        instance,
        domain -> {
          if (domain.state().state() == dev.godwit.libvirt.DomainState.RUNNING) {
            domain.suspend();
          }
        });
  }

  /** A job that ended meanwhile needs no push. */
  private StepReply whileCopying(InstanceId instance, Consumer<Domain> work) {
    try {
      return onDomain(instance, work);
    } catch (LibvirtException e) {
      if (e.isOperationInvalid()) {
        return DONE;
      }
      throw e;
    }
  }

  /** Seen gone; or, when it stays, destroyed in the same step that sees it paused. */
  StepReply fence(Note note) {
    long until = System.nanoTime() + LEAVES_BY_ITSELF.toNanos();
    while (true) {
      switch (look.at(note)) {
        case HostView.Unknown(String why) -> {
          return unknown(why);
        }
        case HostView.Seen(var _, GuestView.Inactive _, var _) -> {
          return DONE;
        }
        case HostView.Seen(var _, GuestView.Active active, var _) -> {
          boolean overdue = System.nanoTime() >= until;
          if (active.state() != RunState.PAUSED) {
            if (overdue || active.job() == JobView.NONE) {
              return runs();
            }
          } else if (inPostCopy(active)) {
            return inPostCopy();
          } else if (overdue || active.job() == JobView.NONE) {
            destroyPaused(note, active.domainId());
          }
        }
      }
      pause();
    }
  }

  private static boolean inPostCopy(GuestView.Active active) {
    return active.job() == JobView.OUTGOING
        && (active.reason() == StateReason.POST_COPY
            || active.reason() == StateReason.POST_COPY_FAILED);
  }

  private void destroyPaused(Note note, int domainId) {
    daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          Domain domain = domain(connection, note);
          if (domain.id().orElse(-1) == domainId
              && domain.state().state() == dev.godwit.libvirt.DomainState.PAUSED) {
            domain.destroy();
          }
          return true;
        });
  }

  StepReply suspendStray(InstanceId instance) {
    return onDomain(
        instance,
        domain -> {
          if (domain.state().state() == dev.godwit.libvirt.DomainState.RUNNING) {
            domain.suspend();
          }
        });
  }

  StepReply resume(Note note) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      case HostView.Seen(var _, GuestView.Inactive _, var _) ->
          refused("source-off", "a paused guest", "one that does not run");
      case HostView.Seen(var _, GuestView.Active active, var _) ->
          active.job() != JobView.NONE
              ? refused("source-busy", "a guest without a job", active.job().name())
              : onDomain(instance(note), SourceActs::resumeIfPaused);
    };
  }

  private static void resumeIfPaused(Domain domain) {
    if (domain.state().state() == dev.godwit.libvirt.DomainState.PAUSED) {
      domain.resume();
    }
  }

  StepReply restore(Note note, boolean autostart, boolean resume) {
    return onDomain(
        instance(note),
        domain -> {
          if (autostart && domain.isPersistent() && !domain.autostart()) {
            domain.setAutostart(true);
          }
          if (resume) {
            resumeIfPaused(domain);
          }
        });
  }

  StepReply clearDefinition(Note note) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      case HostView.Seen(var _, GuestView.Active _, var _) -> runs();
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _) ->
          defined
              ? onDomain(
                  instance(note),
                  domain -> {
                    // The link goes first: a crash in between must not leave a second start.
                    if (domain.autostart()) {
                      domain.setAutostart(false);
                    }
                    domain.undefine(UndefineFlag.MANAGED_SAVE, UndefineFlag.KEEP_NVRAM);
                  })
              : DONE;
    };
  }

  StepReply clearFiles(Note note, List<DiskMove> disks) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> unknown(why);
      case HostView.Seen(var _, GuestView.Active _, var _) -> runs();
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _) ->
          defined
              ? refused("source-defined", "no definition", "one")
              : files
                  .removeMoved(instance(note), MigrationId.of(note.migration()), disks)
                  .<StepReply>map(StepReply.Refused::new)
                  .orElse(DONE);
    };
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

  private static Domain domain(Connection connection, Note note) {
    return connection.domain(UUID.fromString(note.instance()));
  }

  private static InstanceId instance(Note note) {
    return InstanceId.of(note.instance());
  }

  private static StepReply unknown(String why) {
    return refused("daemon-silent", "libvirt's answer", why);
  }

  private static StepReply runs() {
    return refused(Refusals.SOURCE_RUNS, "a source that is gone or paused", "one that runs");
  }

  private static StepReply inPostCopy() {
    return refused(
        Refusals.SOURCE_IN_POST_COPY, "a source without memory of the guest", "post-copy goes on");
  }

  private static StepReply refused(String code, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, "source", expected, found, "Wait; it is tried again."));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fencing", e);
    }
  }
}
