package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.LifecycleEvent;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Writes down what events tell and nothing else can tell later, and reports views to the server as
 * they change. After `Resumed` it looks each millisecond until libvirt's incoming job is over: that
 * moment is the commit.
 */
public final class Witness {
  private static final Duration FINISH = Duration.ofSeconds(3);

  private final Notebook notebook;
  private final Look look;
  private final Reports reports;

  public Witness(Notebook notebook, Look look, Reports reports) {
    this.notebook = notebook;
    this.look = look;
    this.reports = reports;
  }

  /** Takes an event in; never waits long. */
  public void saw(DomainEvent event) {
    switch (event) {
      case DomainEvent.Lifecycle(
              UUID uuid,
              String _,
              LifecycleEvent kind,
              LifecycleDetail detail,
              int _,
              long _) ->
          lifecycle(new InstanceId(uuid), kind, detail);
      case DomainEvent.JobCompleted(UUID uuid, JobStats stats, long _) ->
          notebook
              .about(new InstanceId(uuid))
              .forEach(note -> reports.completed(MigrationId.of(note.migration()), stats));
      case DomainEvent.MigrationIteration _,
          DomainEvent.IoError _,
          DomainEvent.DeviceRemoved _,
          DomainEvent.AgentLifecycle _,
          DomainEvent.ConnectionClosed _,
          DomainEvent.Dropped _ -> {}
    }
  }

  private void lifecycle(InstanceId instance, LifecycleEvent kind, LifecycleDetail detail) {
    for (Note note : notebook.about(instance)) {
      switch (kind) {
        case RESUMED -> {
          Note resumed = notebook.change(note.migration(), note.instance(), Note::resumed);
          Thread.ofVirtual().name("arrival").start(() -> arrival(resumed));
        }
        case STOPPED, SHUTDOWN, CRASHED -> {
          Note ended =
              notebook.change(
                  note.migration(), note.instance(), before -> before.endedBy(end(kind, detail)));
          report(ended);
        }
        case SUSPENDED -> Thread.ofVirtual().name("arrival").start(() -> arrival(note));
        case DEFINED, UNDEFINED, STARTED, PM_SUSPENDED, UNKNOWN -> {}
      }
    }
    reports.power(instance);
  }

  private static GuestView.End end(LifecycleEvent kind, LifecycleDetail detail) {
    return switch (detail) {
      case STOPPED_MIGRATED -> GuestView.End.MIGRATED;
      case STOPPED_SHUTDOWN, STOPPED_DESTROYED, SHUTDOWN_FINISHED, SHUTDOWN_GUEST, SHUTDOWN_HOST ->
          GuestView.End.SHUT_DOWN;
      case STOPPED_CRASHED -> GuestView.End.CRASHED;
      default -> kind == LifecycleEvent.CRASHED ? GuestView.End.CRASHED : GuestView.End.UNKNOWN;
    };
  }

  private void arrival(Note note) {
    long until = System.nanoTime() + FINISH.toNanos();
    do {
      HostView view = look.at(note);
      boolean incoming =
          view
                  instanceof
                  HostView.Seen(
                      var _,
                      GuestView.Active(var _, var _, JobView job, int _, var _, var _),
                      var _)
              && job == JobView.INCOMING;
      if (!incoming) {
        reports.seen(note, view);
        return;
      }
    } while (System.nanoTime() < until && pause());
    report(note);
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Looks now and reports it. */
  public void report(Note note) {
    reports.seen(note, look.at(note));
  }
}
