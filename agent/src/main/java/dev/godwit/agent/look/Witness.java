package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.LifecycleEvent;
import java.time.Duration;
import java.util.UUID;

/**
 * Writes down what events tell and nothing else can tell later, and reports views to the server as
 * they change. After `Resumed` it looks every other millisecond until libvirt's incoming job is
 * over: that moment is the commit.
 */
public final class Witness {
  private static final Duration FINISH = Duration.ofSeconds(3);
  private static final Duration OFTEN = Duration.ofMillis(2);

  private final Notebook notebook;
  private final Look look;
  private final Reports reports;
  private final Tempo tempo;

  public Witness(Notebook notebook, Look look, Reports reports, Tempo tempo) {
    this.notebook = notebook;
    this.look = look;
    this.reports = reports;
    this.tempo = tempo;
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
              .open(new InstanceId(uuid))
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
    for (Note note : notebook.open(instance)) {
      switch (kind) {
        case RESUMED -> {
          Note resumed = notebook.remember(note, Note::resumed);
          Thread.ofVirtual().name("arrival").start(() -> arrival(resumed));
          save(resumed);
        }
        case STOPPED, SHUTDOWN, CRASHED -> {
          Note ended = notebook.remember(note, before -> ended(before, kind, detail));
          Thread.ofVirtual().name("departure").start(() -> report(ended));
          save(ended);
        }
        // How an earlier run ended tells nothing of this one.
        case STARTED ->
            save(notebook.remember(note, before -> before.endedBy(GuestView.End.UNKNOWN)));
        case SUSPENDED -> suspended(note, detail);
        case DEFINED, UNDEFINED, PM_SUSPENDED, UNKNOWN -> {}
      }
    }
    reports.power(instance);
  }

  /** A source that hands over is not asked: its QEMU has no time for answers then. */
  private void suspended(Note note, LifecycleDetail detail) {
    if (detail != LifecycleDetail.SUSPENDED_MIGRATED) {
      Thread.ofVirtual().name("arrival").start(() -> arrival(note));
    }
  }

  /** Not on the events' thread: a slow disk must not hold up what comes after. */
  private void save(Note note) {
    Thread.ofVirtual().name("note").start(() -> notebook.save(note));
  }

  /** QEMU's own word, that its host ends it, comes before libvirt's, and may be the last heard. */
  private static Note ended(Note before, LifecycleEvent kind, LifecycleDetail detail) {
    return switch (detail) {
      case STOPPED_DESTROYED, SHUTDOWN_HOST -> before.destroyed();
      default -> before.endedBy(end(kind, detail));
    };
  }

  private static GuestView.End end(LifecycleEvent kind, LifecycleDetail detail) {
    return switch (detail) {
      case STOPPED_MIGRATED -> GuestView.End.MIGRATED;
      case STOPPED_SHUTDOWN, SHUTDOWN_FINISHED, SHUTDOWN_GUEST -> GuestView.End.SHUT_DOWN;
      // libvirt's word for a QEMU that went away by itself, and for an arrival that failed.
      case STOPPED_CRASHED, STOPPED_FAILED -> GuestView.End.CRASHED;
      default -> kind == LifecycleEvent.CRASHED ? GuestView.End.CRASHED : GuestView.End.UNKNOWN;
    };
  }

  private void arrival(Note note) {
    long until = tempo.nanoTime() + FINISH.toNanos();
    while (look.stillArriving(newest(note)) && tempo.nanoTime() < until) {
      if (!pause()) {
        return;
      }
    }
    report(note);
  }

  private boolean pause() {
    try {
      tempo.rest(OFTEN);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Looks now. */
  public HostView look(Note note) {
    return look.at(note);
  }

  /** Looks now and reports it. */
  public void report(Note note) {
    Note now = newest(note);
    reports.seen(now, look.at(now));
  }

  /** The migration may be over here meanwhile, and its guest's connection given back. */
  private Note newest(Note note) {
    return notebook.find(MigrationId.of(note.migration())).orElse(note);
  }
}
