package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that move guests: one connection each, under way for as long as the copy lasts. libvirt
 * goes on without the agent, so after a restart there is no call, only a job to be watched.
 */
public final class Transfers {
  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofDays(7);

  private final Daemon daemon;
  private final Notebook notebook;
  private final Witness witness;
  private final Progress progress;
  private final Map<String, Connection> underWay = new ConcurrentHashMap<>();

  public Transfers(Daemon daemon, Notebook notebook, Witness witness, Progress progress) {
    this.daemon = daemon;
    this.notebook = notebook;
    this.witness = witness;
    this.progress = progress;
  }

  /**
   * After a restart: what was under way is watched on if its job lives, else it may be repeated.
   */
  public void reattach(Look look) {
    for (Note note : notebook.all()) {
      if (note.transfer() == Note.Transfer.STARTED) {
        Thread.ofVirtual().name("reattach").start(() -> reattach(note, look));
      }
    }
  }

  /** Nothing is concluded while libvirt is silent. */
  private void reattach(Note note, Look look) {
    HostView view = look.at(note);
    while (view instanceof HostView.Unknown && pause()) {
      view = look.at(note);
    }
    reattach(note, view);
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void reattach(Note note, HostView view) {
    boolean lives =
        view instanceof HostView.Seen(var _, GuestView.Active active, var _)
            && active.job() != JobView.NONE;
    LOG.atInfo()
        .addKeyValue("migration", note.migration())
        .addKeyValue("job_lives", lives)
        .log("found a copy that was under way");
    if (lives) {
      progress.follow(note, 0);
      Thread.ofVirtual().name("job-end").start(() -> awaitEnd(note));
    } else if (view instanceof HostView.Seen) {
      notebook.change(note.migration(), note.instance(), Note::interrupted);
    }
  }

  /** The job of a call that was made before the restart: its end is seen, its result is lost. */
  private void awaitEnd(Note note) {
    if (progress.awaitJobEnd(note)) {
      Note ended = notebook.change(note.migration(), note.instance(), before -> before.ended(""));
      witness.report(ended);
    }
  }

  /** Makes the call unless it was made. */
  void start(Note note, TransferPlan plan) {
    boolean again =
        switch (note.transfer()) {
          case NOT_STARTED, INTERRUPTED -> true;
          case STARTED, ENDED -> false;
        };
    if (!again) {
      return;
    }
    Connection connection = daemon.openAnother();
    Note started = notebook.change(note.migration(), note.instance(), Note::started);
    underWay.put(note.migration(), connection);
    progress.follow(started, plan.downtimeLimitMs());
    Thread.ofVirtual().name("transfer").start(() -> run(connection, started, plan));
  }

  private void run(Connection connection, Note note, TransferPlan plan) {
    String error = "";
    try (connection) {
      connection
          .domain(UUID.fromString(note.instance()))
          .job()
          .migrate(MoveParameters.of(plan), LONGEST);
    } catch (LibvirtException e) {
      error = e.text();
      if (e.isConnectionProblem()) {
        // The daemon went away, not necessarily the job.
        progress.awaitJobEnd(note);
      }
    } finally {
      underWay.remove(note.migration());
    }
    String text = error;
    LOG.atInfo()
        .addKeyValue("migration", note.migration())
        .addKeyValue("error", text)
        .log("libvirt's move ended");
    witness.report(
        notebook.change(note.migration(), note.instance(), before -> before.ended(text)));
  }

  /** Ends the copy; one that was never started never will be. */
  void abort(Note note) {
    switch (note.transfer()) {
      case NOT_STARTED, INTERRUPTED ->
          notebook.change(
              note.migration(), note.instance(), before -> before.ended("aborted before it began"));
      case STARTED -> {
        try {
          daemon.ask(
              Daemon.Use.ACT,
              connection -> {
                connection.domain(UUID.fromString(note.instance())).job().abort();
                return true;
              });
        } catch (LibvirtException e) {
          // No job yet, or none any more: the next look tells, and the order is repeated.
          if (!e.isOperationInvalid() && !e.isNoDomain()) {
            throw e;
          }
        }
      }
      case ENDED -> {}
    }
  }
}
