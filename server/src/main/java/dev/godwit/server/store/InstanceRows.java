package dev.godwit.server.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Rows of the table of instances as records, and back. */
final class InstanceRows {
  private InstanceRows() {}

  static List<Instance> of(Query query) {
    return query.reduceRows(
        new ArrayList<Instance>(),
        (found, row) -> {
          found.add(instance(row));
          return found;
        });
  }

  static Update bind(Update to, Instance instance) {
    return to.bind("id", instance.id().toString())
        .bind("number", instance.number())
        .bind("name", instance.name())
        .bind("project", instance.owner().projectId())
        .bind("user", instance.owner().userId())
        .bind("host", instance.host().map(HostName::value).orElse(null))
        .bind("node", instance.node().orElse(null))
        .bind("vm", instance.vmState().name())
        .bind("task", instance.taskState().name())
        .bind("power", instance.powerState().name())
        .bind("memory", instance.flavor().memoryMib())
        .bind("vcpus", instance.flavor().vcpus())
        .bind("flavor", StoredJson.text(instance.flavor()))
        .bind("image", instance.imageId())
        .bind("spec", instance.spec().map(StoredSpec::text).orElse(null))
        .bind("metadata", StoredJson.text(instance.metadata()))
        .bind("description", instance.description().orElse(null))
        .bind("fault", instance.fault().map(StoredJson::text).orElse(null))
        .bind("created", Micros.of(instance.createdAt()))
        .bind("updated", Micros.of(instance.updatedAt()))
        .bind("launched", instance.launchedAt().map(Micros::of).orElse(null))
        .bind("terminated", instance.terminatedAt().map(Micros::of).orElse(null));
  }

  private static Instance instance(RowView row) {
    return new Instance(
        InstanceId.of(Columns.text(row, "id")),
        row.getColumn("number", Long.class),
        Columns.text(row, "name"),
        new Instance.Owner(Columns.text(row, "project_id"), Columns.text(row, "user_id")),
        Columns.optional(row, "host").map(HostName::new),
        Columns.optional(row, "node"),
        VmState.valueOf(Columns.text(row, "vm_state")),
        TaskState.valueOf(Columns.text(row, "task_state")),
        PowerState.valueOf(Columns.text(row, "power_state")),
        StoredJson.read(Columns.text(row, "flavor"), Flavor.class),
        Columns.text(row, "image_id"),
        Columns.optional(row, "spec").map(StoredSpec::read),
        StoredJson.read(Columns.text(row, "metadata"), new TypeReference<Map<String, String>>() {}),
        Columns.optional(row, "description"),
        Columns.optional(row, "fault").map(json -> StoredJson.read(json, Instance.Fault.class)),
        Columns.instant(row, "created_at"),
        Columns.instant(row, "updated_at"),
        Columns.optionalInstant(row, "launched_at"),
        Columns.optionalInstant(row, "terminated_at"));
  }
}
