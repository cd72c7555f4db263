package dev.godwit.wire;

import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.wire.proto.DiskProgress;
import dev.godwit.wire.proto.SampleMessage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Progress of a copy. */
public final class SampleMapping {
  private SampleMapping() {}

  /** To the server. */
  public static SampleMessage message(MigrationId migration, MigrationSample sample) {
    MigrationSample.Memory memory = sample.memory();
    MigrationSample.Disks disks = sample.disks();
    SampleMessage.Builder to =
        SampleMessage.newBuilder()
            .setMigration(migration.toString())
            .setAtMicros(ViewMapping.micros(sample.at()))
            .setPostCopy(sample.postCopy())
            .setElapsedMs(sample.elapsedMs())
            .setMemoryTotalBytes(memory.totalBytes())
            .setMemoryProcessedBytes(memory.processedBytes())
            .setMemoryRemainingBytes(memory.remainingBytes())
            .setMemoryBps(memory.bps())
            .setDirtyPagesPerSecond(memory.dirtyPagesPerSecond())
            .setPageSizeBytes(memory.pageSizeBytes())
            .setIteration(memory.iteration())
            .setDiskTotalBytes(disks.totalBytes())
            .setDiskProcessedBytes(disks.processedBytes())
            .setDiskBps(disks.bps())
            .setDowntimeLimitMs(sample.downtimeLimitMs());
    disks.byTarget().forEach((target, disk) -> to.putDisks(target, message(disk)));
    sample.downtimeMs().ifPresent(to::setDowntimeMs);
    return to.build();
  }

  private static DiskProgress message(MigrationSample.Disk disk) {
    return DiskProgress.newBuilder()
        .setTotalBytes(disk.totalBytes())
        .setRemainingBytes(disk.remainingBytes())
        .build();
  }

  /** Whose progress it is, checked. */
  public static MigrationId migration(String text) {
    return Checked.migration(text);
  }

  /** From the agent. */
  public static MigrationSample sample(SampleMessage from) {
    return new MigrationSample(
        ViewMapping.instant(from.getAtMicros()),
        from.getPostCopy(),
        from.getElapsedMs(),
        new MigrationSample.Memory(
            Checked.notNegative(from.getMemoryTotalBytes(), "memory_total_bytes"),
            Checked.notNegative(from.getMemoryProcessedBytes(), "memory_processed_bytes"),
            Checked.notNegative(from.getMemoryRemainingBytes(), "memory_remaining_bytes"),
            Checked.notNegative(from.getMemoryBps(), "memory_bps"),
            Checked.notNegative(from.getDirtyPagesPerSecond(), "dirty_pages_per_second"),
            Checked.notNegative(from.getPageSizeBytes(), "page_size_bytes"),
            Checked.notNegative(from.getIteration(), "iteration")),
        new MigrationSample.Disks(
            Checked.notNegative(from.getDiskTotalBytes(), "disk_total_bytes"),
            Checked.notNegative(from.getDiskProcessedBytes(), "disk_processed_bytes"),
            Checked.notNegative(from.getDiskBps(), "disk_bps"),
            Checked.atMost(Checked.MOST_DISKS, List.copyOf(from.getDisksMap().entrySet()), "disks")
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, disk -> disk(disk.getValue())))),
        from.getDowntimeLimitMs(),
        from.hasDowntimeMs() ? OptionalLong.of(from.getDowntimeMs()) : OptionalLong.empty());
  }

  private static MigrationSample.Disk disk(DiskProgress from) {
    long total = from.getTotalBytes();
    if (total < 1 || from.getRemainingBytes() < 0 || from.getRemainingBytes() > total) {
      throw new BadMessage(
          "disk: expected no more left than its size, found %s of %s bytes"
              .formatted(from.getRemainingBytes(), total));
    }
    return new MigrationSample.Disk(total, from.getRemainingBytes());
  }
}
