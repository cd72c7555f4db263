package dev.godwit.server.store;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.VmState;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * How a request for a migration becomes one: the instance's task and the record in one transaction.
 */
final class Acceptances {
  private Acceptances() {}

  static Migrations.Acceptance accept(
      Handle handle, UUID fresh, Migrations.Asked asked, Instant now) {
    Optional<Instance> found = Instances.find(handle, asked.instance());
    if (found.isEmpty() || found.get().vmState() == VmState.DELETED) {
      return new Migrations.Acceptance.NoInstance();
    }
    Instance instance = found.get();
    boolean free =
        handle
                .sql(
                    """
                    UPDATE instances SET task_state = 'MIGRATING', updated_at = :now
                    WHERE id = :id AND task_state = 'NONE' AND vm_state IN ('ACTIVE', 'PAUSED')
                      AND host IS NOT NULL
                    """)
                .bind("id", asked.instance().toString())
                .bind("now", Micros.of(now))
                .execute()
            == 1;
    if (!free) {
      // Another request may have been first since it was looked at.
      Instance busy = Instances.find(handle, asked.instance()).orElse(instance);
      return new Migrations.Acceptance.WrongState(busy.vmState(), busy.taskState().word());
    }
    insert(handle, fresh, asked, instance, now);
    Actions.begin(handle, asked.requestId(), asked.instance(), "live-migration", asked.by(), now);
    return new Migrations.Acceptance.Accepted(
        uncommitted(handle, asked.instance())
            .orElseThrow(() -> new IllegalStateException("the migration just made")));
  }

  private static void insert(
      Handle handle, UUID fresh, Migrations.Asked asked, Instance instance, Instant now) {
    handle
        .sql(
            """
            INSERT INTO migrations (number, id, instance_id, source, source_node, user_id, project_id,
              request, request_id, phase, checks, why, alarm, wants_abort, wants_completion, epoch, owner,
              committed, over, accepted_at, phase_since, updated_at)
            VALUES (:number, :id, :instance, :source, :node, :user, :project, :request, :requestId,
              'ACCEPTED', '[]', '', 0, 0, 0, 1, '', 0, 0, :now, :now, :now)
            """)
        .bind("number", Numbers.next(handle, "migrations"))
        .bind("id", fresh.toString())
        .bind("instance", asked.instance().toString())
        .bind("source", instance.scheduledHost().value())
        .bind("node", instance.node().orElse(""))
        .bind("user", asked.by().userId())
        .bind("project", asked.by().projectId())
        .bind("request", StoredJson.text(asked.request()))
        .bind("requestId", asked.requestId())
        .bind("now", Micros.of(now))
        .execute();
  }

  private static Optional<MigrationRow> uncommitted(Handle handle, InstanceId instance) {
    return MigrationRows.first(
        handle
            .sql(MigrationRows.ALL + " WHERE instance_id IN (:id) AND committed = 0 AND over = 0")
            .bind("id", instance.toString()));
  }
}
