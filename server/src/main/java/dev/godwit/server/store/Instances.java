package dev.godwit.server.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Update;

/** The instances. Changes of state are conditional: they say what they expected to find. */
public final class Instances {
  private static final String ALL = "SELECT * FROM instances";
  private final Database database;

  public Instances(Database database) {
    this.database = database;
  }

  /** The next instance's number. */
  public long nextNumber() {
    return database.read(handle ->
        handle
            .createQuery("SELECT COALESCE(MAX(number), 0) + 1 FROM instances")
            .mapTo(Long.class)
            .one());
  }

  /** Records a new instance. */
  public void add(Instance instance) {
    database.changing(handle ->
        bind(
                handle.createUpdate(
                    """
                    INSERT INTO instances (id, number, name, project_id, user_id, host, node, vm_state,
                      task_state, power_state, memory_mib, vcpus, flavor, image_id, spec, metadata,
                      description, fault, created_at, updated_at, launched_at, terminated_at)
                    VALUES (:id, :number, :name, :project, :user, :host, :node, :vm, :task, :power,
                      :memory, :vcpus, :flavor, :image, :spec, :metadata, :description, :fault,
                      :created, :updated, :launched, :terminated)
                    """),
                instance)
            .execute());
  }

  private static Update bind(Update to, Instance instance) {
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

  /** The instance, deleted or not. */
  public Optional<Instance> find(InstanceId id) {
    return database.read(handle -> find(handle, id));
  }

  static Optional<Instance> find(Handle handle, InstanceId id) {
    return handle
        .createQuery(ALL + " WHERE id = :id")
        .bind("id", id.toString())
        .reduceRows(
            new java.util.ArrayList<Instance>(),
            (found, row) -> {
              found.add(instance(row));
              return found;
            })
        .stream()
        .findFirst();
  }

  /** All that are not deleted, newest first. */
  public List<Instance> living() {
    return database.read(handle ->
        handle
            .createQuery(ALL + " WHERE vm_state <> 'DELETED' ORDER BY created_at DESC, id DESC")
            .reduceRows(
                new java.util.ArrayList<Instance>(),
                (found, row) -> {
                  found.add(instance(row));
                  return found;
                }));
  }

  /** Those on a host that are not deleted. */
  public List<Instance> on(HostName host) {
    return living().stream().filter(it -> it.host().equals(Optional.of(host))).toList();
  }

  /** Begins a task, unless another one is under way or the state is not one of these. */
  public boolean begin(InstanceId id, TaskState task, List<VmState> from, Instant now) {
    return database.change(handle ->
        handle
                .createUpdate(
                    """
                    UPDATE instances SET task_state = :task, updated_at = :now
                    WHERE id = :id AND task_state = 'NONE' AND vm_state IN (<from>)
                    """)
                .bind("task", task.name())
                .bind("now", Micros.of(now))
                .bind("id", id.toString())
                .bindList("from", from.stream().map(Enum::name).toList())
                .execute()
            == 1);
  }

  /** Deletes whatever other task there is, unless a migration is under way. */
  public boolean beginDelete(InstanceId id, Instant now) {
    return database.change(handle ->
        handle
                .createUpdate(
                    """
                    UPDATE instances SET task_state = 'DELETING', updated_at = :now
                    WHERE id = :id AND vm_state <> 'DELETED' AND task_state <> 'MIGRATING'
                      AND NOT EXISTS (SELECT 1 FROM migrations m WHERE m.instance_id = :id AND m.over = 0)
                    """)
                .bind("now", Micros.of(now))
                .bind("id", id.toString())
                .execute()
            == 1);
  }

  /** Ends a task with what it led to. */
  public void end(InstanceId id, TaskState task, VmState vm, PowerState power, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE instances SET task_state = 'NONE', vm_state = :vm, power_state = :power,
                  updated_at = :now, fault = NULL,
                  launched_at = CASE WHEN launched_at IS NULL AND :vm = 'ACTIVE' THEN :now ELSE launched_at END
                WHERE id = :id AND task_state = :task
                """)
            .bind("vm", vm.name())
            .bind("power", power.name())
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .bind("task", task.name())
            .execute());
  }

  /** Ends a task that failed: the state stays, or becomes ERROR. */
  public void fail(InstanceId id, TaskState task, boolean error, Instance.Fault fault) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE instances SET task_state = 'NONE', updated_at = :now, fault = :fault,
                  vm_state = CASE WHEN :error = 1 THEN 'ERROR' ELSE vm_state END
                WHERE id = :id AND task_state = :task
                """)
            .bind("now", Micros.of(fault.at()))
            .bind("fault", StoredJson.text(fault))
            .bind("error", error ? 1 : 0)
            .bind("id", id.toString())
            .bind("task", task.name())
            .execute());
  }

  /** The instance is gone. */
  public void deleted(InstanceId id, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE instances SET task_state = 'NONE', vm_state = 'DELETED', power_state = 'NOSTATE',
                  updated_at = :now, terminated_at = :now WHERE id = :id
                """)
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .execute());
  }

  /** What its host sees, for an instance that nobody works on. */
  public void sync(InstanceId id, HostName host, VmState vm, PowerState power, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE instances SET vm_state = :vm, power_state = :power, updated_at = :now
                WHERE id = :id AND host = :host AND task_state = 'NONE'
                  AND vm_state IN ('ACTIVE', 'PAUSED', 'STOPPED') AND (vm_state <> :vm OR power_state <> :power)
                  AND NOT EXISTS (SELECT 1 FROM migrations m WHERE m.instance_id = :id AND m.over = 0)
                """)
            .bind("vm", vm.name())
            .bind("power", power.name())
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .bind("host", host.value())
            .execute());
  }

  private static Instance instance(RowView row) {
    return new Instance(
        InstanceId.of(text(row, "id")),
        row.getColumn("number", Long.class),
        text(row, "name"),
        new Instance.Owner(text(row, "project_id"), text(row, "user_id")),
        optional(row, "host").map(HostName::new),
        optional(row, "node"),
        VmState.valueOf(text(row, "vm_state")),
        TaskState.valueOf(text(row, "task_state")),
        PowerState.valueOf(text(row, "power_state")),
        StoredJson.read(text(row, "flavor"), Flavor.class),
        text(row, "image_id"),
        optional(row, "spec").map(StoredSpec::read),
        StoredJson.read(text(row, "metadata"), new TypeReference<Map<String, String>>() {}),
        optional(row, "description"),
        optional(row, "fault").map(json -> StoredJson.read(json, Instance.Fault.class)),
        instant(row, "created_at"),
        instant(row, "updated_at"),
        optionalInstant(row, "launched_at"),
        optionalInstant(row, "terminated_at"));
  }

  static String text(RowView row, String column) {
    return row.getColumn(column, String.class);
  }

  static Optional<String> optional(RowView row, String column) {
    return Optional.ofNullable(row.getColumn(column, String.class));
  }

  static Instant instant(RowView row, String column) {
    return Micros.instant(row.getColumn(column, Long.class));
  }

  static Optional<Instant> optionalInstant(RowView row, String column) {
    return Optional.ofNullable(row.getColumn(column, Long.class)).map(Micros::instant);
  }
}
