package dev.godwit.agent.act;

import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.StatsGroup;
import dev.godwit.libvirt.TypedParameters;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads one copy again and again; what libvirt does not tell comes from the readings before. */
public final class CopyReader {
  private final Clock clock;
  private final Tempo tempo;
  private final CopyRate diskRate = new CopyRate();

  CopyReader(Clock clock, Tempo tempo) {
    this.clock = clock;
    this.tempo = tempo;
  }

  /** How far the copy is now. */
  MigrationSample read(Domain domain, JobStats stats, int downtimeLimitMs) {
    long total = stats.diskTotalBytes().orElse(0);
    long processed = stats.diskProcessedBytes().orElse(0);
    MigrationSample.Disks disks =
        total == 0
            ? new MigrationSample.Disks(0, 0, 0, Map.of())
            : new MigrationSample.Disks(
                total, processed, diskRate.reading(tempo.nanoTime(), processed), each(domain));
    return sample(clock, stats, downtimeLimitMs, disks);
  }

  /** Each copied disk, by its block job. */
  private static Map<String, MigrationSample.Disk> each(Domain domain) {
    TypedParameters blocks = domain.stats(List.of(StatsGroup.BLOCK));
    Map<String, MigrationSample.Disk> each = new TreeMap<>();
    long count = blocks.whole("block.count").orElse(0);
    for (int i = 0; i < count; i++) {
      blocks
          .text("block." + i + ".name")
          .ifPresent(target ->
              domain
                  .blockJob(target)
                  // Of a job that only begins QEMU knows no end yet: libvirt says 0 of 0 or of 1.
                  .filter(job -> job.end() > 1)
                  .ifPresent(job ->
                      each.put(
                          target,
                          new MigrationSample.Disk(
                              job.end(), Math.max(0, job.end() - job.current())))));
    }
    return each;
  }

  /** The statistics of a job that has completed. */
  public static MigrationSample completed(Clock clock, JobStats stats) {
    MigrationSample.Disks disks =
        new MigrationSample.Disks(
            stats.diskTotalBytes().orElse(0), stats.diskProcessedBytes().orElse(0), 0, Map.of());
    return sample(clock, stats, 0, disks);
  }

  /** libvirt's statistics as a sample. */
  private static MigrationSample sample(
      Clock clock, JobStats stats, int downtimeLimitMs, MigrationSample.Disks disks) {
    return new MigrationSample(
        clock.instant(),
        stats.postCopyRequests().orElse(0) > 0,
        stats.timeElapsed().map(Duration::toMillis).orElse(0L),
        new MigrationSample.Memory(
            stats.memoryTotalBytes().orElse(0),
            stats.memoryProcessedBytes().orElse(0),
            stats.memoryRemainingBytes().orElse(0),
            stats.memoryBytesPerSecond().orElse(0),
            stats.memoryDirtyRatePagesPerSecond().orElse(0),
            stats.memoryPageSizeBytes().orElse(4096),
            stats.memoryIteration().orElse(0)),
        disks,
        downtimeLimitMs,
        stats.type() == JobType.COMPLETED
            ? stats
                .downtime()
                .map(it -> OptionalLong.of(it.toMillis()))
                .orElse(OptionalLong.empty())
            : OptionalLong.empty());
  }
}
