package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.note.Note;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.StatsGroup;
import dev.godwit.libvirt.TypedParameters;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
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
  private static final Duration UNTIL_THERE_IS_A_JOB = Duration.ofSeconds(15);
  private static final int QEMU_DEFAULT_DOWNTIME_MS = 300;

  private final Daemon daemon;
  private final Reports reports;
  private final Clock clock;

  public Progress(Daemon daemon, Reports reports, Clock clock) {
    this.daemon = daemon;
    this.reports = reports;
    this.clock = clock;
  }

  /**
   * Samples until the job is over.
   *
   * @param downtimeLimitMs the permitted pause to begin with; 0 leaves it as it is
   */
  void follow(Note note, int downtimeLimitMs) {
    Thread.ofVirtual().name("progress").start(() -> run(note, downtimeLimitMs));
  }

  private void run(Note note, int downtimeLimitMs) {
    int limit = downtimeLimitMs > 0 ? downtimeLimitMs : QEMU_DEFAULT_DOWNTIME_MS;
    boolean limitToSet = limit != QEMU_DEFAULT_DOWNTIME_MS;
    boolean seen = false;
    long giveUp = System.nanoTime() + UNTIL_THERE_IS_A_JOB.toNanos();
    try (Line line = new Line(daemon)) {
      while (pause(line.rest(limitToSet))) {
        try {
          Domain domain = line.domain(note);
          JobStats stats = domain.job().stats();
          line.answered();
          if (stats.type() == JobType.NONE) {
            if (seen || System.nanoTime() > giveUp) {
              return;
            }
            continue;
          }
          seen = true;
          if (limitToSet) {
            domain.job().setMaxDowntime(Duration.ofMillis(limit));
            limitToSet = false;
          }
          MigrationSample sample = sample(clock, stats, limit, disks(domain, stats));
          reports.progress(MigrationId.of(note.migration()), sample);
        } catch (LibvirtException e) {
          if (e.isNoDomain()) {
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

  /** What is left of each copied disk, from its block job. */
  private static Map<String, Long> disks(Domain domain, JobStats stats) {
    if (stats.diskTotalBytes().orElse(0) == 0) {
      return Map.of();
    }
    TypedParameters blocks = domain.stats(List.of(StatsGroup.BLOCK));
    Map<String, Long> left = new TreeMap<>();
    long count = blocks.whole("block.count").orElse(0);
    for (int i = 0; i < count; i++) {
      blocks
          .text("block." + i + ".name")
          .ifPresent(target ->
              domain
                  .blockJob(target)
                  .ifPresent(job -> left.put(target, job.end() - job.current())));
    }
    return left;
  }

  /** libvirt's statistics as a sample. */
  public static MigrationSample sample(
      Clock clock, JobStats stats, int downtimeLimitMs, Map<String, Long> diskRemaining) {
    return new MigrationSample(
        clock.instant(),
        stats.postCopyRequests().orElse(0) > 0,
        stats.timeElapsed().map(Duration::toMillis).orElse(0L),
        stats.memoryTotalBytes().orElse(0),
        stats.memoryProcessedBytes().orElse(0),
        stats.memoryRemainingBytes().orElse(0),
        stats.diskTotalBytes().orElse(0),
        stats.diskProcessedBytes().orElse(0),
        diskRemaining,
        stats.memoryBytesPerSecond().orElse(0),
        stats.memoryDirtyRatePagesPerSecond().orElse(0),
        stats.memoryPageSizeBytes().orElse(4096),
        stats.memoryIteration().orElse(0),
        downtimeLimitMs,
        stats.type() == JobType.COMPLETED
            ? stats
                .downtime()
                .map(it -> OptionalLong.of(it.toMillis()))
                .orElse(OptionalLong.empty())
            : OptionalLong.empty());
  }

  private static boolean pause(Duration rest) {
    try {
      Thread.sleep(rest);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
