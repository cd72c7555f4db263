package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.MigrationSample;
import java.util.Optional;

/** How far a copy is. */
public final class CopyView {
  private CopyView() {}

  /** One reading of it. */
  public static ObjectNode sample(MigrationSample sample) {
    ObjectNode view =
        Json.object()
            .put("at", Json.zoned(sample.at()))
            .put("post_copy", sample.postCopy())
            .put("elapsed_ms", sample.elapsedMs())
            .put("memory_total_bytes", sample.memoryTotalBytes())
            .put("memory_processed_bytes", sample.memoryProcessedBytes())
            .put("memory_remaining_bytes", sample.memoryRemainingBytes())
            .put("disk_total_bytes", sample.diskTotalBytes())
            .put("disk_processed_bytes", sample.diskProcessedBytes());
    ObjectNode disks = view.putObject("disk_remaining_bytes");
    sample.diskRemainingBytes().forEach(disks::put);
    view.put("memory_bps", sample.memoryBps())
        .put("dirty_pages_per_second", sample.dirtyPagesPerSecond())
        .put("page_size_bytes", sample.pageSizeBytes())
        .put("iteration", sample.iteration())
        .put("downtime_limit_ms", sample.downtimeLimitMs());
    if (sample.downtimeMs().isPresent()) {
      view.put("downtime_ms", sample.downtimeMs().getAsLong());
    } else {
      view.putNull("downtime_ms");
    }
    Optional<Long> eta = eta(sample);
    if (eta.isPresent()) {
      view.put("eta_ms", eta.get());
    } else {
      view.putNull("eta_ms");
    }
    return view;
  }

  /** Empty when the guest dirties memory faster than it is copied: no end is in sight. */
  private static Optional<Long> eta(MigrationSample sample) {
    long dirtied = sample.dirtyPagesPerSecond() * sample.pageSizeBytes();
    long net = sample.memoryBps() - dirtied;
    if (sample.downtimeMs().isPresent() || sample.memoryBps() == 0 || net <= 0) {
      return Optional.empty();
    }
    long left = sample.memoryRemainingBytes() + sample.diskRemainingTotalBytes();
    return Optional.of(left * 1000 / net);
  }
}
