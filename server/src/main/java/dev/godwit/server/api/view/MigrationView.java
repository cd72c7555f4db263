package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.server.api.Call;
import dev.godwit.server.store.MigrationRow;
import java.util.Optional;
import java.util.Set;

/** A migration as the Compute API shows it. */
public final class MigrationView {
  private static final Set<String> IN_PROGRESS =
      Set.of("queued", "preparing", "running", "running (post-copy)", "post-migrating");

  private static final String COMPLETED = "completed";

  private MigrationView() {}

  /** Nova's word for where it stands. */
  public static String status(MigrationRow row) {
    return switch (row.migration().phase()) {
      case Phase.Accepted() -> "accepted";
      case Phase.Planned() -> "queued";
      case Phase.Preparing _ -> "preparing";
      case Phase.Transferring _ -> running(row);
      case Phase.RollingBack(_, Ending ending) -> row.over() ? ended(ending) : running(row);
      case Phase.Settling(SettleStep step) -> settling(row, step);
      case Phase.Completed() -> COMPLETED;
      case Phase.Cancelled(Ending ending) -> ended(ending);
      case Phase.Failed(Ending ending) -> ended(ending);
    };
  }

  /** What ended stays ended, also when a host that was dead is back and tidied up. */
  private static String settling(MigrationRow row, SettleStep step) {
    if (row.over()) {
      return COMPLETED;
    }
    return step == SettleStep.SOURCE_FENCED || step == SettleStep.POST_COPY_RECOVERED
        ? running(row)
        : "running";
  }

  private static String ended(Ending ending) {
    if (ending.cancelled()) {
      return "cancelled";
    }
    return ending.refused() ? "error" : "failed";
  }

  private static String running(MigrationRow row) {
    return row.sample().map(MigrationSample::postCopy).orElse(false)
        ? "running (post-copy)"
        : "running";
  }

  /** True when it is shown as under way. */
  public static boolean inProgress(MigrationRow row) {
    return IN_PROGRESS.contains(status(row));
  }

  /** As under /servers/{id}/migrations. */
  public static ObjectNode ofServer(Call call, MigrationRow row) {
    ObjectNode view = Json.object();
    common(view, row);
    view.put("server_uuid", row.migration().instance().toString());
    counters(view, row.sample());
    if (call.version().from(59)) {
      view.put("uuid", row.migration().id().toString());
    }
    owner(call, view, row);
    return view;
  }

  /** As under /os-migrations. */
  public static ObjectNode ofList(Call call, MigrationRow row, int flavorNumber) {
    ObjectNode view = Json.object();
    common(view, row);
    view.put("instance_uuid", row.migration().instance().toString());
    view.put("old_instance_type_id", flavorNumber);
    view.put("new_instance_type_id", flavorNumber);
    if (call.version().from(23)) {
      view.put("migration_type", "live-migration");
      if (inProgress(row)) {
        String rest =
            "/servers/%s/migrations/%s"
                .formatted(row.migration().instance(), row.migration().number());
        view.putArray("links")
            .add(Json.link("self", call.self(rest)))
            .add(Json.link("bookmark", call.bookmark(rest)));
      }
    }
    if (call.version().from(59)) {
      view.put("uuid", row.migration().id().toString());
    }
    owner(call, view, row);
    return view;
  }

  private static void common(ObjectNode view, MigrationRow row) {
    view.put("id", row.migration().number());
    view.put("status", status(row));
    view.put("source_compute", row.migration().source().value());
    view.put("source_node", row.sourceNode());
    Optional<HostName> destination =
        row.destination().or(() -> row.migration().request().destination());
    Json.put(view, "dest_compute", destination.map(HostName::value));
    Json.put(view, "dest_node", row.destinationNode());
    view.putNull("dest_host");
    view.put("created_at", Json.micros(row.migration().acceptedAt()));
    view.put("updated_at", Json.micros(row.updatedAt()));
  }

  private static void owner(Call call, ObjectNode view, MigrationRow row) {
    if (call.version().from(80)) {
      view.put("user_id", row.requestedBy().userId());
      view.put("project_id", row.requestedBy().projectId());
    }
  }

  private static void counters(ObjectNode view, Optional<MigrationSample> sample) {
    if (sample.isEmpty()) {
      for (String kind : new String[] {"memory", "disk"}) {
        view.putNull(kind + "_total_bytes");
        view.putNull(kind + "_processed_bytes");
        view.putNull(kind + "_remaining_bytes");
      }
      return;
    }
    MigrationSample it = sample.get();
    view.put("memory_total_bytes", it.memory().totalBytes());
    view.put("memory_processed_bytes", it.memory().processedBytes());
    view.put("memory_remaining_bytes", it.memory().remainingBytes());
    view.put("disk_total_bytes", it.disks().totalBytes());
    view.put("disk_processed_bytes", it.disks().processedBytes());
    view.put("disk_remaining_bytes", it.disks().remainingBytes());
  }
}
