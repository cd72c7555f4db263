package dev.godwit.server.store;

import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is done with instances outside migrations. Every change is conditional: it says what it
 * expected to find.
 */
public final class Tasks {
  /** How long after a change an agent's report may still tell of before. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private final Database database;

  public Tasks(Database database) {
    this.database = database;
  }

  /** What an owner asks, for the record. */
  public record Asked(String requestId, String action, Instance.Owner by) {}

  /**
   * One server's turn to carry a task out. Of a task that another server took over, an earlier
   * turn's orders and results do not count.
   *
   * @param number grows with each task and each takeover of the instance
   */
  public record Turn(InstanceId instance, TaskState task, long number) {
    /** As an agent is told, which refuses earlier ones. */
    public GuestTask forHost() {
      return new GuestTask(instance, number);
    }
  }

  /**
   * Never less than the time, so that the turns of a database that was lost, or restored from an
   * old copy, are not older than those that the agents saw.
   */
  static final String NEXT_TURN = "CASE WHEN :now > task_turn THEN :now ELSE task_turn + 1 END";

  private static Optional<Turn> turn(Handle handle, InstanceId id) {
    return handle
        .sql("SELECT task_state, task_turn FROM instances WHERE id = :id")
        .bind("id", id.toString())
        .first(row ->
            new Turn(id, TaskState.valueOf(row.text("task_state")), row.number("task_turn")));
  }

  /**
   * Begins a task, unless another one is under way or the state is not one of these.
   *
   * @param server the incarnation whose turn it is
   */
  public Optional<Turn> begin(
      InstanceId id, TaskState task, List<VmState> from, Asked asked, String server, Instant now) {
    return database.change(handle -> {
      boolean begun =
          handle
                  .sql(
                      "UPDATE instances SET task_state = :task, task_owner = :server, task_turn = "
                          + NEXT_TURN
                          + ", updated_at = :now"
                          + " WHERE id = :id AND task_state = 'NONE' AND vm_state IN (:from)")
                  .bind("task", task.name())
                  .bind("server", server)
                  .bind("now", Micros.of(now))
                  .bind("from", from.stream().map(Enum::name).toList())
                  .bind("id", id.toString())
                  .execute()
              == 1;
      if (begun) {
        Actions.begin(handle, asked.requestId(), id, asked.action(), asked.by(), now);
      }
      return begun ? turn(handle, id) : Optional.empty();
    });
  }

  /** The turn of the server that recorded the task with the instance itself. */
  public Optional<Turn> turn(InstanceId id) {
    return database.read(handle -> turn(handle, id));
  }

  /**
   * Takes a task over whose server is not listed any more, or one of its own that it lost.
   *
   * @return empty when it is done, another one, or another listed server's
   */
  public Optional<Turn> lease(InstanceId id, TaskState task, String server, Instant now) {
    return database.change(handle -> {
      boolean taken =
          handle
                  .sql(
                      "UPDATE instances SET task_owner = :server, task_turn = "
                          + NEXT_TURN
                          + """
                           WHERE id = :id AND task_state = :task AND vm_state <> 'DELETED'
                            AND (task_owner = :server
                              OR NOT EXISTS (SELECT 1 FROM servers s WHERE s.incarnation = task_owner))
                            AND EXISTS (SELECT 1 FROM servers s WHERE s.incarnation = :server)
                          """)
                  .bind("server", server)
                  .bind("now", Micros.of(now))
                  .bind("id", id.toString())
                  .bind("task", task.name())
                  .execute()
              == 1;
      return taken ? turn(handle, id) : Optional.empty();
    });
  }

  /** True as long as this turn is the latest, and its task not ended. */
  public boolean current(Turn turn) {
    return database.read(handle -> turn(handle, turn.instance())).equals(Optional.of(turn));
  }

  /**
   * Begins to delete, whatever other task there is. A move that is not committed is asked to go
   * back; one that is goes on, and the delete after it.
   *
   * @return empty when it is being deleted already, or gone
   */
  public Optional<Turn> beginDelete(InstanceId id, Asked asked, String server, Instant now) {
    return database.change(handle -> {
      boolean begun =
          handle
                  .sql(
                      "UPDATE instances SET task_state = 'DELETING', task_owner = :server, task_turn = "
                          + NEXT_TURN
                          + ", updated_at = :now"
                          + " WHERE id = :id AND vm_state <> 'DELETED' AND task_state <> 'DELETING'")
                  .bind("server", server)
                  .bind("now", Micros.of(now))
                  .bind("id", id.toString())
                  .execute()
              == 1;
      if (begun) {
        handle
            .sql(
                """
                UPDATE migrations SET wants_abort = 1, updated_at = :now
                WHERE instance_id IN (:id) AND committed = 0 AND over = 0
                """)
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .execute();
        Actions.begin(handle, asked.requestId(), id, asked.action(), asked.by(), now);
      }
      return begun ? turn(handle, id) : Optional.empty();
    });
  }

  /** True while a move of it is not over. */
  public boolean moving(InstanceId id) {
    return counts(
        "SELECT COUNT(*) AS count FROM migrations WHERE instance_id IN (:id) AND over = 0", id);
  }

  /** True while a move is committed, and its guest not yet in its owner's hands again. */
  public boolean arriving(InstanceId id) {
    return counts(
        """
        SELECT COUNT(*) AS count FROM migrations WHERE instance_id IN (:id) AND over = 0
          AND phase = 'SETTLING' AND step IN ('SOURCE_SUSPENDED', 'SOURCE_FENCED', 'DESTINATION_RUNNING')
        """,
        id);
  }

  private boolean counts(String sql, InstanceId id) {
    return database.read(
        handle -> handle.sql(sql).bind("id", id.toString()).one(row -> row.number("count")) > 0);
  }

  /** Ends a task with what it led to, unless the turn was lost. */
  public void end(Turn turn, VmState vm, PowerState power, Instant now) {
    database.changing(handle ->
        handle
            .sql(
                """
                UPDATE instances SET task_state = 'NONE', vm_state = :vm, power_state = :power,
                  updated_at = :now, fault = NULL,
                  launched_at = CASE WHEN launched_at IS NULL AND :vm = 'ACTIVE' THEN :now ELSE launched_at END
                WHERE id = :id AND task_state = :task AND task_turn = :turn
                """)
            .bind("vm", vm.name())
            .bind("power", power.name())
            .bind("now", Micros.of(now))
            .bind("id", turn.instance().toString())
            .bind("task", turn.task().name())
            .bind("turn", turn.number())
            .execute());
  }

  /** Ends a task that failed, unless the turn was lost: the state stays, or becomes ERROR. */
  public void fail(Turn turn, boolean error, Instance.Fault fault) {
    database.changing(handle ->
        handle
            .sql(
                """
                UPDATE instances SET task_state = 'NONE', updated_at = :now, fault = :fault,
                  vm_state = CASE WHEN :error = 1 THEN 'ERROR' ELSE vm_state END
                WHERE id = :id AND task_state = :task AND task_turn = :turn
                """)
            .bind("now", Micros.of(fault.at()))
            .bind("fault", StoredJson.text(fault))
            .bind("error", error ? 1 : 0)
            .bind("id", turn.instance().toString())
            .bind("task", turn.task().name())
            .bind("turn", turn.number())
            .execute());
  }

  /** The instance is gone, unless the turn was lost. */
  public void deleted(Turn turn, Instant now) {
    database.changing(handle ->
        handle
            .sql(
                """
                UPDATE instances SET task_state = 'NONE', vm_state = 'DELETED', power_state = 'NOSTATE',
                  updated_at = :now, terminated_at = :now
                WHERE id = :id AND task_state = 'DELETING' AND task_turn = :turn
                """)
            .bind("now", Micros.of(now))
            .bind("id", turn.instance().toString())
            .bind("turn", turn.number())
            .execute());
  }

  /**
   * What its host sees, for an instance that nobody works on. A report may be older than a task
   * that ended just now, so a fresh record is left alone until the next report. An instance in
   * ERROR that is seen to run is no longer in ERROR.
   */
  public void sync(InstanceId id, HostName host, VmState vm, PowerState power, Instant now) {
    database.changing(handle ->
        handle
            .sql(
                """
                UPDATE instances SET vm_state = :vm, power_state = :power, updated_at = :now
                WHERE id = :id AND host = :host AND task_state = 'NONE'
                  AND (updated_at <= :settled OR updated_at > :jumped)
                  AND (vm_state IN ('ACTIVE', 'PAUSED', 'STOPPED')
                    OR (vm_state = 'ERROR' AND :vm IN ('ACTIVE', 'PAUSED')))
                  AND (vm_state <> :vm OR power_state <> :power)
                  AND NOT EXISTS (SELECT 1 FROM migrations m WHERE m.instance_id IN (:id) AND m.over = 0)
                """)
            .bind("vm", vm.name())
            .bind("power", power.name())
            .bind("now", Micros.of(now))
            .bind("settled", Micros.of(now.minus(SETTLED)))
            .bind("jumped", Micros.of(now.plus(Instance.CLOCK_SET_BACK)))
            .bind("id", id.toString())
            .bind("host", host.value())
            .execute());
  }
}
