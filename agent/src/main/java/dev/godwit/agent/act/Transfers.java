package dev.godwit.agent.act;

import static dev.godwit.libvirt.DomainXmlFlag.INACTIVE;
import static dev.godwit.libvirt.DomainXmlFlag.MIGRATABLE;
import static dev.godwit.libvirt.DomainXmlFlag.SECURE;

import dev.godwit.agent.guest.MoveMark;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.MigrateParameters;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that move guests: one connection each, under way for as long as the copy lasts. libvirt
 * goes on without the agent, so after a restart there is no call, only a job to be watched.
 */
public final class Transfers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Each holds one of the daemon's workers (20 by default), of which others need some. */
  static final int MOST_AT_ONCE = 10;

  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Notebook notebook;
  private final Witness witness;
  private final Progress progress;
  private final Transport transport;
  private final JobWatch jobs;
  private final Map<String, Connection> underWay = new ConcurrentHashMap<>();
  private final ReentrantLock starting = new ReentrantLock();

  public Transfers(
      Daemon daemon,
      Notebook notebook,
      Witness witness,
      Progress progress,
      Transport transport,
      Tempo tempo) {
    this.daemon = daemon;
    this.notebook = notebook;
    this.witness = witness;
    this.progress = progress;
    this.transport = transport;
    this.jobs = new JobWatch(witness, tempo);
  }

  /**
   * After a restart: what was under way is watched on if its job lives, else it may be repeated. A
   * post-copy that broke has a job without a call: how far it is, is told on.
   */
  public void reattach() {
    for (Note note : notebook.all()) {
      if (note.over()) {
        continue;
      }
      switch (note.transfer()) {
        case STARTED -> Thread.ofVirtual().name("reattach").start(() -> reattach(note));
        case ENDED -> Thread.ofVirtual().name("reattach").start(() -> follow(note));
        case NOT_STARTED, INTERRUPTED, GIVEN_UP -> {}
      }
    }
  }

  private void follow(Note note) {
    if (jobs.lives(note).orElse(false)) {
      progress.follow(note);
    }
  }

  /** The call that moves it goes on, and this agent made it. */
  boolean underWay(Note note) {
    return underWay.containsKey(note.migration());
  }

  private void reattach(Note note) {
    Optional<Boolean> lives = jobs.lives(note);
    if (lives.isEmpty()) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("migration", note.migration())
        .addKeyValue("job_lives", lives.get())
        .log("found a copy that was under way");
    if (!lives.get()) {
      conclude(note, Note::interrupted);
      return;
    }
    progress.follow(note);
    // The call was made before the restart: its end is seen, its result is lost.
    if (jobs.awaitEnd(note)) {
      conclude(note, before -> before.ended(""));
    }
  }

  /** Makes the call unless it was made. */
  StepReply start(Note note, TransferPlan plan) {
    boolean due =
        switch (note.transfer()) {
          case NOT_STARTED, INTERRUPTED -> true;
          case STARTED, ENDED, GIVEN_UP -> false;
        };
    if (!due) {
      return DONE;
    }
    Optional<String> objection = transport.objection(plan);
    if (objection.isPresent()) {
      // Noted as ended, so that the server goes back instead of asking for ever.
      notebook.change(note.migration(), note.instance(), before -> before.givenUp(objection.get()));
      return refused("transport", "a permitted transport", objection.get());
    }
    Optional<String> outdated = outdated(note, plan);
    if (outdated.isPresent()) {
      notebook.change(note.migration(), note.instance(), before -> before.givenUp(outdated.get()));
      return refused("plan-outdated", "the guest as it was planned", outdated.get());
    }
    Connection connection = daemon.openAnother();
    try {
      Optional<Note> started = started(note, plan);
      if (started.isEmpty()) {
        connection.close();
        return refused(
            Refusals.TOO_MANY_MOVES,
            "fewer than " + MOST_AT_ONCE + " moves from this host",
            "as many");
      }
      underWay.put(note.migration(), connection);
      progress.follow(started.get());
      Thread.ofVirtual().name("transfer").start(() -> run(connection, started.get(), plan));
      return DONE;
    } catch (UncheckedIOException e) {
      connection.close();
      throw e;
    }
  }

  /** Notes it, unless there are as many as may be: also those that an earlier agent began. */
  private Optional<Note> started(Note note, TransferPlan plan) {
    starting.lock();
    try {
      long others =
          notebook.all().stream()
              .filter(it -> !it.over() && it.transfer() == Note.Transfer.STARTED)
              .count();
      return others >= MOST_AT_ONCE
          ? Optional.empty()
          : Optional.of(
              notebook.change(
                  note.migration(),
                  note.instance(),
                  before -> before.started(plan.downtimeLimitMs())));
    } finally {
      starting.unlock();
    }
  }

  /** libvirt decides by the guest's state now whether it is started over there. */
  private Optional<String> outdated(Note note, TransferPlan plan) {
    return witness.look(note) instanceof HostView.Seen(var _, GuestView.Active active, var _)
            && plan.ownerPaused() != (active.state() == RunState.PAUSED)
        ? Optional.of("the guest was paused or resumed since the plan was made")
        : Optional.empty();
  }

  private void run(Connection connection, Note note, TransferPlan plan) {
    Optional<String> error;
    try {
      error = migrate(connection, note, plan);
    } catch (RuntimeException | Error e) {
      LOG.error("libvirt's move failed in the agent itself", e);
      error = jobs.awaitEnd(note) ? Optional.of("the agent: " + e) : Optional.empty();
    }
    if (error.isPresent()) {
      LOG.atInfo()
          .addKeyValue("migration", note.migration())
          .addKeyValue("error", error.get())
          .log("libvirt's move ended");
      String text = error.get();
      conclude(note, before -> before.ended(text));
    }
  }

  /** libvirt's text, empty when it went well; no text at all when the agent stops meanwhile. */
  private Optional<String> migrate(Connection connection, Note note, TransferPlan plan) {
    try (connection) {
      call(connection, note, plan);
      return jobs.closed() ? Optional.empty() : Optional.of("");
    } catch (LibvirtException e) {
      if (jobs.closed()) {
        return Optional.empty();
      }
      // When the connection was lost the daemon went away, not necessarily the job.
      boolean over = !e.isConnectionProblem() || jobs.awaitEnd(note);
      return over ? Optional.of(e.text()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("the plan cannot be put into libvirt's words: " + e.getMessage());
    }
  }

  private void call(Connection connection, Note note, TransferPlan plan) {
    try {
      Domain domain = connection.domain(UUID.fromString(note.instance()));
      domain.job().migrate(parameters(domain, note, plan), LONGEST);
    } finally {
      // The job may go on without it.
      underWay.remove(note.migration());
    }
  }

  /** What arrives bears the migration's mark. Passwords of consoles travel with it. */
  private static MigrateParameters parameters(Domain domain, Note note, TransferPlan plan) {
    MigrationId migration = MigrationId.of(note.migration());
    return MoveParameters.of(
        plan,
        MoveMark.on(domain.xml(SECURE, MIGRATABLE), migration),
        MoveMark.on(domain.xml(SECURE, MIGRATABLE, INACTIVE), migration));
  }

  private void conclude(Note note, java.util.function.UnaryOperator<Note> how) {
    Note concluded = notebook.remember(note, how);
    notebook.save(concluded);
    witness.report(concluded);
  }

  /** Ends the copy; one that was never started never will be. */
  StepReply abort(Note note) {
    return switch (note.transfer()) {
      case NOT_STARTED -> never(note, "aborted before it began");
      case INTERRUPTED -> never(note, "libvirt's call was interrupted, and is not made again");
      case STARTED -> abortJob(note);
      case ENDED, GIVEN_UP -> DONE;
    };
  }

  private StepReply never(Note note, String why) {
    notebook.change(note.migration(), note.instance(), before -> before.givenUp(why));
    return DONE;
  }

  /** No job yet, or none any more: the next look tells, and the order is repeated. */
  private StepReply abortJob(Note note) {
    boolean copying =
        witness.look(note) instanceof HostView.Seen(var _, GuestView.Active active, var _)
            && active.job() == JobView.OUTGOING;
    if (!copying) {
      return DONE;
    }
    try {
      return Acts.onDomain(daemon, note, domain -> domain.job().abort());
    } catch (LibvirtException e) {
      if (e.isOperationInvalid()) {
        return DONE;
      }
      throw e;
    }
  }

  private static StepReply refused(String code, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, "source", expected, found, "Wait, or mend it; it is tried again."));
  }

  /** The agent stops, the copies go on: nothing is concluded from what happens from here on. */
  @Override
  public void close() {
    jobs.close();
    underWay.values().forEach(Connection::close);
  }
}
