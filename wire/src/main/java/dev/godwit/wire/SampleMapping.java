package dev.godwit.wire;

import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.wire.proto.DiskProgress;
import dev.godwit.wire.proto.SampleMessage;
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
            from.getMemoryTotalBytes(),
            from.getMemoryProcessedBytes(),
            from.getMemoryRemainingBytes(),
            from.getMemoryBps(),
            from.getDirtyPagesPerSecond(),
            from.getPageSizeBytes(),
            from.getIteration()),
        new MigrationSample.Disks(
            from.getDiskTotalBytes(),
            from.getDiskProcessedBytes(),
            from.getDiskBps(),
            from.getDisksMap().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, disk -> disk(disk.getValue())))),
        from.getDowntimeLimitMs(),
        from.hasDowntimeMs() ? OptionalLong.of(from.getDowntimeMs()) : OptionalLong.empty());
  }

  private static MigrationSample.Disk disk(DiskProgress from) {
    return new MigrationSample.Disk(from.getTotalBytes(), from.getRemainingBytes());
  }
}
