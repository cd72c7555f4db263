package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.note.Note;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Watches a copy and tells how far it is: a side channel, nothing is decided by it. It sets the
 * permitted pause as soon as there is a copy.
 */
public final class Progress {
  /** Each reading costs the copy a little: QEMU counts for it. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  private static final Duration UNTIL_THE_LIMIT_IS_SET = Duration.ofMillis(50);

  private static final Duration LONGEST_REST = Duration.ofMinutes(1);
  private static final int QEMU_DEFAULT_DOWNTIME_MS = 300;

  private final Daemon daemon;
  private final Reports reports;
  private final Clock clock;
  private final Tempo tempo;

  public Progress(Daemon daemon, Reports reports, Clock clock, Tempo tempo) {
    this.daemon = daemon;
    this.reports = reports;
    this.clock = clock;
    this.tempo = tempo;
  }

  /** Samples until the job is over. */
  void follow(Note note) {
    Thread.ofVirtual().name("progress").start(() -> run(note));
  }

  private void run(Note note) {
    int limit = note.downtimeLimitMs() > 0 ? note.downtimeLimitMs() : QEMU_DEFAULT_DOWNTIME_MS;
    boolean limitToSet = limit != QEMU_DEFAULT_DOWNTIME_MS;
    CopyWatch watch = new CopyWatch(tempo);
    CopyReader reader = new CopyReader(clock, tempo);
    try (Line line = new Line(daemon)) {
      while (!watch.tooLong() && pause(line.rest(limitToSet))) {
        try {
          Domain domain = line.domain(note);
          JobStats stats = domain.job().stats();
          line.answered();
          if (stats.type() == JobType.NONE) {
            if (watch.overWithoutJob()) {
              return;
            }
            continue;
          }
          watch.sees();
          if (limitToSet) {
            domain.job().setMaxDowntime(Duration.ofMillis(limit));
            limitToSet = false;
          }
          reports.progress(MigrationId.of(note.migration()), reader.read(domain, stats, limit));
        } catch (LibvirtException e) {
          if (watch.overBy(e)) {
            return;
          }
          line.failed(e);
        }
      }
    } catch (Daemon.Stopping e) {
      // So does the watching.
    }
  }

  /**
   * A connection for the statistics of one guest: they wait for its QEMU without end, so another
   * guest must not wait behind them, and one that is silent is asked less and less often.
   */
  private static final class Line implements AutoCloseable {
    private final Daemon daemon;
    private Optional<Connection> open = Optional.empty();
    private Duration rest = PERIOD;

    Line(Daemon daemon) {
      this.daemon = daemon;
    }

    Domain domain(Note note) {
      if (open.filter(Connection::isOpen).isEmpty()) {
        close();
        open = Optional.of(daemon.openAnother());
      }
      return open.orElseThrow().domain(UUID.fromString(note.instance()));
    }

    /** Short while something is still to be done at once, but for a guest that does not answer. */
    Duration rest(boolean soon) {
      return soon && rest.equals(PERIOD) ? UNTIL_THE_LIMIT_IS_SET : rest;
    }

    void answered() {
      rest = PERIOD;
    }

    void failed(LibvirtException e) {
      if (e.kind() == LibvirtException.Kind.NO_ANSWER) {
        Duration longer = rest.multipliedBy(2);
        rest = longer.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : longer;
      }
    }

    @Override
    public void close() {
      open.ifPresent(Connection::close);
      open = Optional.empty();
    }
  }

  private boolean pause(Duration rest) {
    try {
      tempo.rest(rest);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
