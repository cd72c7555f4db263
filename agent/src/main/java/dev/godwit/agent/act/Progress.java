package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.note.Note;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.libvirt.DomainJob;
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
import java.util.UUID;

/** Watches a copy and tells how far it is: a side channel, nothing is decided by it. */
public final class Progress {
  private static final Duration PERIOD = Duration.ofMillis(250);
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
    boolean limitToSet = downtimeLimitMs > 0 && downtimeLimitMs != QEMU_DEFAULT_DOWNTIME_MS;
    boolean seen = false;
    long giveUp = System.nanoTime() + UNTIL_THERE_IS_A_JOB.toNanos();
    int limit = downtimeLimitMs > 0 ? downtimeLimitMs : QEMU_DEFAULT_DOWNTIME_MS;
    while (pause()) {
      try {
        Optional<JobStats> stats = stats(note);
        if (stats.isEmpty()) {
          if (seen || System.nanoTime() > giveUp) {
            return;
          }
          continue;
        }
        seen = true;
        if (limitToSet) {
          job(note, job -> job.setMaxDowntime(Duration.ofMillis(limit)));
          limitToSet = false;
        }
        reports.progress(MigrationId.of(note.migration()), sample(note, stats.get(), limit));
      } catch (LibvirtException e) {
        if (e.isNoDomain()) {
          return;
        }
        // Statistics may wait for a QEMU that is busy; the next ones will do.
      }
    }
  }

  /** True when the job was seen to be over, or the domain gone; false when interrupted. */
  boolean awaitJobEnd(Note note) {
    while (pause()) {
      try {
        if (stats(note).isEmpty()) {
          return true;
        }
      } catch (LibvirtException e) {
        if (e.isNoDomain() || e.isOperationInvalid()) {
          return true;
        }
      }
    }
    return false;
  }

  private Optional<JobStats> stats(Note note) {
    return daemon.ask(
        Daemon.Use.STATISTICS,
        connection -> {
          JobStats stats = connection.domain(UUID.fromString(note.instance())).job().stats();
          return stats.type() == JobType.NONE ? Optional.empty() : Optional.of(stats);
        });
  }

  private void job(Note note, java.util.function.Consumer<DomainJob> work) {
    daemon.ask(
        Daemon.Use.ACT,
        connection -> {
          work.accept(connection.domain(UUID.fromString(note.instance())).job());
          return true;
        });
  }

  private MigrationSample sample(Note note, JobStats stats, int limit) {
    return sample(clock, stats, limit, disks(note, stats));
  }

  /** What is left of each copied disk, from its block job. */
  private Map<String, Long> disks(Note note, JobStats stats) {
    if (stats.diskTotalBytes().orElse(0) == 0) {
      return Map.of();
    }
    return daemon.ask(
        Daemon.Use.STATISTICS,
        connection -> {
          var domain = connection.domain(UUID.fromString(note.instance()));
          TypedParameters blocks = domain.stats(List.of(StatsGroup.BLOCK));
          Map<String, Long> left = new java.util.TreeMap<>();
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
        });
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

  private static boolean pause() {
    try {
      Thread.sleep(PERIOD);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
