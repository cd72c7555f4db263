package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.MigrationSample;
import java.util.OptionalLong;

/** How far a copy is. */
public final class CopyView {
  private CopyView() {}

  /** One reading of it. */
  public static ObjectNode sample(MigrationSample sample) {
    MigrationSample.Memory memory = sample.memory();
    MigrationSample.Disks disks = sample.disks();
    ObjectNode view =
        Json.object()
            .put("at", Json.zoned(sample.at()))
            .put("post_copy", sample.postCopy())
            .put("elapsed_ms", sample.elapsedMs())
            .put("memory_total_bytes", memory.totalBytes())
            .put("memory_processed_bytes", memory.processedBytes())
            .put("memory_remaining_bytes", memory.remainingBytes())
            .put("memory_bps", memory.bps())
            .put("dirty_pages_per_second", memory.dirtyPagesPerSecond())
            .put("page_size_bytes", memory.pageSizeBytes())
            .put("iteration", memory.iteration())
            .put("disk_total_bytes", disks.totalBytes())
            .put("disk_processed_bytes", disks.processedBytes())
            .put("disk_remaining_bytes", disks.remainingBytes())
            .put("disk_bps", disks.bps());
    ObjectNode each = view.putObject("disks");
    disks
        .byTarget()
        .forEach((target, disk) ->
            each.putObject(target)
                .put("total_bytes", disk.totalBytes())
                .put("remaining_bytes", disk.remainingBytes()));
    view.put("downtime_limit_ms", sample.downtimeLimitMs());
    put(view, "downtime_ms", sample.downtimeMs());
    put(view, "eta_ms", etaMs(sample));
    return view;
  }

  private static void put(ObjectNode view, String name, OptionalLong value) {
    if (value.isPresent()) {
      view.put(name, value.getAsLong());
    } else {
      view.putNull(name);
    }
  }

  /**
   * Until the copy's end. While the disks are copied, which comes first, until their end: how the
   * memory will go is not known before. Empty when no end is in sight.
   */
  private static OptionalLong etaMs(MigrationSample sample) {
    if (sample.downtimeMs().isPresent()) {
      return OptionalLong.empty();
    }
    MigrationSample.Memory memory = sample.memory();
    MigrationSample.Disks disks = sample.disks();
    if (memory.totalBytes() == 0) {
      return timeMs(disks.remainingBytes(), disks.bps());
    }
    // The guest's writes go to both copies of a disk by then, so that no more is left of it.
    long dirtied = sample.postCopy() ? 0 : memory.dirtyBps();
    return timeMs(memory.remainingBytes(), memory.bps() - dirtied);
  }

  private static OptionalLong timeMs(long bytes, long bps) {
    return bps <= 0 ? OptionalLong.empty() : OptionalLong.of(bytes * 1000 / bps);
  }
}
