package dev.godwit.wire;

import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.wire.proto.SampleMessage;
import java.util.OptionalLong;

/** Progress of a copy. */
public final class SampleMapping {
  private SampleMapping() {}

  /** To the server. */
  public static SampleMessage message(MigrationId migration, MigrationSample sample) {
    SampleMessage.Builder to =
        SampleMessage.newBuilder()
            .setMigration(migration.toString())
            .setAtMicros(ViewMapping.micros(sample.at()))
            .setPostCopy(sample.postCopy())
            .setElapsedMs(sample.elapsedMs())
            .setMemoryTotalBytes(sample.memoryTotalBytes())
            .setMemoryProcessedBytes(sample.memoryProcessedBytes())
            .setMemoryRemainingBytes(sample.memoryRemainingBytes())
            .setDiskTotalBytes(sample.diskTotalBytes())
            .setDiskProcessedBytes(sample.diskProcessedBytes())
            .putAllDiskRemainingBytes(sample.diskRemainingBytes())
            .setMemoryBps(sample.memoryBps())
            .setDirtyPagesPerSecond(sample.dirtyPagesPerSecond())
            .setPageSizeBytes(sample.pageSizeBytes())
            .setIteration(sample.iteration())
            .setDowntimeLimitMs(sample.downtimeLimitMs());
    sample.downtimeMs().ifPresent(to::setDowntimeMs);
    return to.build();
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
        from.getMemoryTotalBytes(),
        from.getMemoryProcessedBytes(),
        from.getMemoryRemainingBytes(),
        from.getDiskTotalBytes(),
        from.getDiskProcessedBytes(),
        from.getDiskRemainingBytesMap(),
        from.getMemoryBps(),
        from.getDirtyPagesPerSecond(),
        from.getPageSizeBytes(),
        from.getIteration(),
        from.getDowntimeLimitMs(),
        from.hasDowntimeMs() ? OptionalLong.of(from.getDowntimeMs()) : OptionalLong.empty());
  }
}
