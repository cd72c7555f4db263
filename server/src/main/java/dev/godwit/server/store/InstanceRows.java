package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.util.List;

/** Rows of the table of instances as records, and back. */
final class InstanceRows {
  private InstanceRows() {}

  static List<Instance> of(Statement query) {
    return query.all(InstanceRows::instance);
  }

  static Statement bind(Statement to, Instance instance) {
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

  private static Instance instance(Row row) {
    try {
      return read(row);
    } catch (Unreadable e) {
      throw e.of("instance " + row.text("id"));
    } catch (IllegalArgumentException e) {
      throw Unreadable.text("instance", "" + e.getMessage(), e).of("instance " + row.text("id"));
    }
  }

  private static Instance read(Row row) {
    return new Instance(
        InstanceId.of(row.text("id")),
        row.number("number"),
        row.text("name"),
        new Instance.Owner(row.text("project_id"), row.text("user_id")),
        row.optional("host").map(HostName::new),
        row.optional("node"),
        row.word("vm_state", VmState.class),
        row.word("task_state", TaskState.class),
        row.word("power_state", PowerState.class),
        StoredJson.read(row.text("flavor"), Flavor.class),
        row.text("image_id"),
        row.optional("spec").map(StoredSpec::read),
        StoredJson.words(row.text("metadata")),
        row.optional("description"),
        row.optional("fault").map(json -> StoredJson.read(json, Instance.Fault.class)),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.optionalInstant("launched_at"),
        row.optionalInstant("terminated_at"));
  }
}
