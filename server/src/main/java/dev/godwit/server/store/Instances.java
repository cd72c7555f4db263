package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.VmState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** The instances as recorded. What changes their state is in {@link Tasks}. */
public final class Instances {
  private static final String ALL = "SELECT * FROM instances";
  private static final String TASK =
      "vm_state <> 'DELETED' AND task_state NOT IN ('NONE', 'MIGRATING')";

  private final Database database;

  public Instances(Database database) {
    this.database = database;
  }

  /**
   * Records a new instance under the next number, in place of a deleted one of the same id.
   *
   * @param made makes it, given its number
   * @param room all that may be taken on its host
   * @param server the incarnation whose turn it is to carry its task out
   * @return empty when it does not fit, or another of its id lives: nothing was recorded
   */
  public Optional<Instance> add(
      LongFunction<Instance> made, Resources room, String requestId, String server) {
    try {
      return database.change(handle -> {
        Instance instance = made.apply(Numbers.next(handle, "instances"));
        boolean added = insert(handle, instance, server);
        instance.host().ifPresent(host -> Capacity.check(handle, host, room));
        if (added) {
          Actions.begin(
              handle, requestId, instance.id(), "create", instance.owner(), instance.createdAt());
        }
        return added ? Optional.of(instance) : Optional.empty();
      });
    } catch (Capacity.NoRoom e) {
      return Optional.empty();
    }
  }

  private static boolean insert(Handle handle, Instance instance, String server) {
    handle
        .sql("DELETE FROM instances WHERE id = :id AND vm_state = 'DELETED'")
        .bind("id", instance.id().toString())
        .execute();
    return InstanceRows.bind(
                handle.sql(
                    """
                    INSERT INTO instances (id, number, name, project_id, user_id, host, node, vm_state,
                      task_state, task_owner, task_turn, power_state, memory_mib, vcpus, flavor, image_id, spec, metadata,
                      description, fault, created_at, updated_at, launched_at, terminated_at)
                    VALUES (:id, :number, :name, :project, :user, :host, :node, :vm, :task, :server, :created, :power,
                      :memory, :vcpus, :flavor, :image, :spec, :metadata, :description, :fault,
                      :created, :updated, :launched, :terminated)
                    ON CONFLICT (id) DO NOTHING
                    """),
                instance)
            .bind("server", server)
            .execute()
        == 1;
  }

  /** The instance, deleted or not. */
  public Optional<Instance> find(InstanceId id) {
    return database.read(handle -> find(handle, id));
  }

  /** What it is called, whatever else of it cannot be read. */
  public Optional<String> name(InstanceId id) {
    return database.read(handle ->
        handle
            .sql("SELECT name FROM instances WHERE id = :id")
            .bind("id", id.toString())
            .first(row -> row.text("name")));
  }

  static Optional<Instance> find(Handle handle, InstanceId id) {
    return InstanceRows.of(handle.sql(ALL + " WHERE id = :id").bind("id", id.toString())).stream()
        .findFirst();
  }

  /** All that are not deleted, newest first. */
  public List<Instance> living() {
    return database.read(handle ->
        InstanceRows.of(
            handle.sql(ALL + " WHERE vm_state <> 'DELETED' ORDER BY created_at DESC, id DESC")));
  }

  /** All, deleted or not, newest first. */
  public List<Instance> all() {
    return database.read(
        handle -> InstanceRows.of(handle.sql(ALL + " ORDER BY created_at DESC, id DESC")));
  }

  /**
   * Those with a task that this server, and nobody else, has to carry out; they may be unreadable.
   */
  public List<InstanceId> withTasks(String server) {
    return withTasks("task_owner IN (:server)", server);
  }

  /** Those with a task whose server is not listed any more. */
  public List<InstanceId> withOrphanedTasks() {
    return withTasks(
        ":server = '' AND NOT EXISTS (SELECT 1 FROM servers s WHERE s.incarnation = task_owner)",
        "");
  }

  private List<InstanceId> withTasks(String owned, String server) {
    return database.read(handle ->
        handle
            .sql("SELECT id FROM instances WHERE %s AND %s ORDER BY number".formatted(TASK, owned))
            .bind("server", server)
            .all(row -> InstanceId.of(row.text("id"))));
  }

  /** The instance, while it has a task outside migrations. */
  public Optional<Instance> withTask(InstanceId id) {
    return database
        .read(handle ->
            InstanceRows.of(
                handle.sql(ALL + " WHERE id = :id AND " + TASK).bind("id", id.toString())))
        .stream()
        .findFirst();
  }

  /** Those on a host that are not deleted, newest first. */
  public List<Instance> on(HostName host) {
    return database.read(handle ->
        InstanceRows.of(
            handle
                .sql(
                    ALL
                        + " WHERE host IN (:host) AND vm_state <> 'DELETED'"
                        + " ORDER BY created_at DESC, id DESC")
                .bind("host", host.value())));
  }

  /** How the record has one that is at home on a host. */
  public record AtHome(InstanceId id, VmState vmState, PowerState powerState) {}

  /**
   * How the record has those on a host, in the same order; asked at each announcement of it. One
   * that cannot be read is not among them: nobody knows how the record has it.
   */
  public List<AtHome> atHome(HostName host) {
    return database.read(handle ->
        handle
            .sql(
                "SELECT id, vm_state, power_state FROM instances"
                    + " WHERE host IN (:host) AND vm_state <> 'DELETED'"
                    + " ORDER BY created_at DESC, id DESC")
            .bind("host", host.value())
            .all(row -> Unreadable.readable(() -> atHome(row)))
            .stream()
            .flatMap(Optional::stream)
            .toList());
  }

  private static AtHome atHome(Row row) {
    return new AtHome(
        InstanceId.of(row.text("id")),
        row.word("vm_state", VmState.class),
        row.word("power_state", PowerState.class));
  }

  /**
   * Another host is its home from now on, since it runs there.
   *
   * @return false when it has another home than was known, or something is under way with it, or
   *     owed by a move of it, which would undo on the new home what it has to undo there
   */
  public boolean follow(Instance known, HostName host, String node, PowerState power, Instant now) {
    return database.change(handle ->
        handle
                .sql(
                    """
                    UPDATE instances SET host = :host, node = :node, vm_state = :vm,
                      power_state = :power, updated_at = :now
                    WHERE id = :id AND host = :home AND task_state = 'NONE' AND vm_state <> 'DELETED'
                      AND NOT EXISTS
                        (SELECT 1 FROM migrations m WHERE m.instance_id IN (:id) AND m.rests = 0)
                    """)
                .bind("host", host.value())
                .bind("node", node)
                .bind("vm", (power == PowerState.RUNNING ? VmState.ACTIVE : VmState.PAUSED).name())
                .bind("power", power.name())
                .bind("now", Micros.of(now))
                .bind("id", known.id().toString())
                .bind("home", known.scheduledHost().value())
                .execute()
            == 1);
  }

  /** How much of a host its instances use. */
  public record Usage(long instances, long memoryMib, long vcpus) {
    /** Nothing. */
    public static final Usage NONE = new Usage(0, 0, 0);
  }

  /** The use of every host that has instances. */
  public Map<HostName, Usage> usage() {
    return database.read(handle ->
        handle
            .sql(
                """
                SELECT host, COUNT(*) AS instances, SUM(memory_mib) AS memory, SUM(vcpus) AS vcpus
                FROM instances WHERE vm_state <> 'DELETED' AND host IS NOT NULL GROUP BY host
                """)
            .all(row ->
                Map.entry(
                    new HostName(row.text("host")),
                    new Usage(row.number("instances"), row.number("memory"), row.number("vcpus"))))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
