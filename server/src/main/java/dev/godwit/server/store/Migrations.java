package dev.godwit.server.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.VmState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/**
 * Migrations and their journal. Every change of a phase is one transaction, fenced by the epoch,
 * with everything that it means: claim, ownership, task state, journal entry.
 */
public final class Migrations {
  private static final String ALL = "SELECT * FROM migrations";

  private final Database database;

  public Migrations(Database database) {
    this.database = database;
  }

  /** What an API caller asks for. */
  public record Asked(
      InstanceId instance,
      MigrationRequest request,
      Instance.Owner by,
      String requestId,
      String server) {}

  /** How an acceptance went. */
  public sealed interface Acceptance {
    /** Taken in; the instance's task is migrating. */
    record Accepted(MigrationRow row) implements Acceptance {}

    /** The instance is not active or paused, or something is under way on it. */
    record WrongState(VmState vmState, String taskWord) implements Acceptance {}

    /** No such instance. */
    record NoInstance() implements Acceptance {}
  }

  /** Takes a request in, or says why not; two at once get one acceptance. */
  public Acceptance accept(Asked asked, Instant now) {
    return database.change(handle -> {
      Optional<Instance> found = Instances.find(handle, asked.instance());
      if (found.isEmpty() || found.get().vmState() == VmState.DELETED) {
        return new Acceptance.NoInstance();
      }
      Instance instance = found.get();
      boolean free =
          handle
                  .createUpdate(
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
        return new Acceptance.WrongState(instance.vmState(), instance.taskState().word());
      }
      insert(handle, asked, instance, now);
      return new Acceptance.Accepted(
          uncommitted(handle, asked.instance())
              .orElseThrow(() -> new IllegalStateException("the migration just made")));
    });
  }

  private static void insert(Handle handle, Asked asked, Instance instance, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO migrations (number, id, instance_id, source, source_node, user_id, project_id,
              request, request_id, phase, checks, why, alarm, wants_abort, wants_completion, epoch, owner,
              lease_until, committed, over, accepted_at, phase_since, updated_at)
            VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM migrations), :id, :instance, :source, :node,
              :user, :project, :request, :requestId, 'ACCEPTED', '[]', '', 0, 0, 0, 1, :server, 0, 0, 0,
              :now, :now, :now)
            """)
        .bind("id", UUID.randomUUID().toString())
        .bind("instance", asked.instance().toString())
        .bind("source", instance.scheduledHost().value())
        .bind("node", instance.node().orElse(""))
        .bind("user", asked.by().userId())
        .bind("project", asked.by().projectId())
        .bind("request", StoredJson.text(asked.request()))
        .bind("requestId", asked.requestId())
        .bind("server", asked.server())
        .bind("now", Micros.of(now))
        .execute();
  }

  private static Optional<MigrationRow> uncommitted(Handle handle, InstanceId instance) {
    return rows(
            handle
                .createQuery(ALL + " WHERE instance_id = :id AND committed = 0 AND over = 0")
                .bind("id", instance.toString()))
        .stream()
        .findFirst();
  }

  /**
   * Takes the ownership of a migration: one epoch later nobody else's orders count.
   *
   * @return empty when another server's lease has not run out
   */
  public Optional<Migration> lease(MigrationId id, String server, Duration lease, Instant now) {
    return database.change(handle -> {
      int taken =
          handle
              .createUpdate(
                  """
                  UPDATE migrations SET owner = :server, lease_until = :until, epoch = epoch + 1
                  WHERE id = :id AND over = 0 AND (owner = :server OR lease_until < :now)
                  """)
              .bind("server", server)
              .bind("until", Micros.of(now.plus(lease)))
              .bind("now", Micros.of(now))
              .bind("id", id.toString())
              .execute();
      return taken == 1
          ? rows(handle.createQuery(ALL + " WHERE id = :id").bind("id", id.toString())).stream()
              .map(MigrationRow::migration)
              .findFirst()
          : Optional.empty();
    });
  }

  /** Keeps the ownership; false when it was lost. */
  public boolean renew(MigrationId id, Epoch epoch, Duration lease, Instant now) {
    return database.change(handle ->
        handle
                .createUpdate(
                    "UPDATE migrations SET lease_until = :until WHERE id = :id AND epoch = :epoch")
                .bind("until", Micros.of(now.plus(lease)))
                .bind("id", id.toString())
                .bind("epoch", epoch.value())
                .execute()
            == 1);
  }

  /**
   * Journals a move and all it means, in one transaction.
   *
   * @param held the epoch under which the decision was made
   * @return false when the migration belongs to somebody else now: nothing was changed
   */
  public boolean move(Epoch held, Decision.Move move, Instant now) {
    return database.change(handle -> {
      Migration next = move.next();
      StoredPhase phase = StoredPhase.of(next.phase());
      if (!update(handle, held, move, phase, now)) {
        return false;
      }
      journal(handle, move, phase, now);
      meaning(handle, move.transition(), next, now);
      return true;
    });
  }

  private static boolean update(
      Handle handle, Epoch held, Decision.Move move, StoredPhase phase, Instant now) {
    Migration next = move.next();
    return handle
            .createUpdate(
                """
                UPDATE migrations SET phase = :phase, step = :step, ending = :ending, plan = :plan,
                  destination = :destination, epoch = :epoch, committed = :committed, over = :over,
                  why = :why, alarm = 0, phase_since = :now, updated_at = :now,
                  transfer_at = CASE WHEN :transfer = 1 THEN :now ELSE transfer_at END,
                  committed_at = CASE WHEN :commit = 1 THEN :now ELSE committed_at END,
                  ended_at = CASE WHEN :over = 1 THEN :now ELSE ended_at END,
                  destination_node = CASE WHEN :destination IS NULL THEN NULL ELSE destination_node END
                WHERE id = :id AND epoch = :held AND over = 0
                """)
            .bind("phase", phase.name().name())
            .bind("step", phase.step().orElse(null))
            .bind("ending", phase.ending().orElse(null))
            .bind("plan", next.plan().map(StoredJson::text).orElse(null))
            .bind(
                "destination",
                next.plan().map(TransferPlan::destination).map(HostName::value).orElse(null))
            .bind("epoch", next.epoch().value())
            .bind("committed", next.phase().committed() ? 1 : 0)
            .bind("over", next.phase().over() ? 1 : 0)
            .bind("why", move.why())
            .bind("transfer", move.transition() == Transition.TRANSFER ? 1 : 0)
            .bind("commit", move.transition() == Transition.COMMIT ? 1 : 0)
            .bind("now", Micros.of(now))
            .bind("id", next.id().toString())
            .bind("held", held.value())
            .execute()
        == 1;
  }

  private static void journal(Handle handle, Decision.Move move, StoredPhase phase, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO journal (migration_id, seq, at, transition, from_phase, to_phase, step, why, epoch)
            SELECT :id, COALESCE(MAX(seq), 0) + 1, :now, :transition, :from, :to, :step, :why, :epoch
            FROM journal WHERE migration_id = :id
            """)
        .bind("id", move.next().id().toString())
        .bind("now", Micros.of(now))
        .bind("transition", move.transition().name())
        .bind("from", move.transition().from().name())
        .bind("to", move.transition().to().name())
        .bind("step", phase.step().orElse(null))
        .bind("why", move.why())
        .bind("epoch", move.next().epoch().value())
        .execute();
  }

  /** What a transition means for the instance and for the capacity. */
  private static void meaning(Handle handle, Transition transition, Migration next, Instant now) {
    switch (transition) {
      case PLAN -> {
        handle
            .createUpdate(
                """
                INSERT INTO claims (migration_id, host, memory_mib, vcpus)
                SELECT :id, :host, memory_mib, vcpus FROM instances WHERE id = :instance
                """)
            .bind("id", next.id().toString())
            .bind("host", next.destination().value())
            .bind("instance", next.instance().toString())
            .execute();
      }
      case COMMIT -> {
        Ownership.change(handle, next, now);
        release(handle, next);
      }
      case REFUSE, CANCEL_ACCEPTED, ROLLED_BACK_CANCELLED, ROLLED_BACK_FAILED -> {
        release(handle, next);
        freeInstance(handle, next, now);
      }
      case PREPARE,
          CANCEL_PLANNED,
          PREPARE_NEXT,
          PREPARE_FAILED,
          CANCEL_PREPARING,
          TRANSFER,
          TRANSFER_FAILED,
          TRANSFER_CANCELLED,
          SETTLE_NEXT,
          SOURCE_RAN,
          COMPLETE,
          ROLL_BACK_NEXT,
          DESTINATION_RAN -> {}
    }
  }

  private static void release(Handle handle, Migration migration) {
    handle
        .createUpdate("DELETE FROM claims WHERE migration_id = :id")
        .bind("id", migration.id().toString())
        .execute();
  }

  private static void freeInstance(Handle handle, Migration migration, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE instances SET task_state = 'NONE', updated_at = :now
            WHERE id = :id AND task_state = 'MIGRATING'
            """)
        .bind("id", migration.instance().toString())
        .bind("now", Micros.of(now))
        .execute();
  }

  /** The destination's node, and what the checks found. */
  public void checked(
      MigrationId id, List<MigrationRow.HostChecks> checks, Optional<String> node, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE migrations SET checks = :checks, destination_node = :node, updated_at = :now
                WHERE id = :id
                """)
            .bind("checks", StoredJson.text(checks))
            .bind("node", node.orElse(null))
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .execute());
  }

  /** What is awaited now. */
  public void waiting(MigrationId id, Epoch epoch, String why, boolean alarm, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE migrations SET why = :why, alarm = :alarm, updated_at = :now
                WHERE id = :id AND epoch = :epoch
                """)
            .bind("why", why)
            .bind("alarm", alarm ? 1 : 0)
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .bind("epoch", epoch.value())
            .execute());
  }

  /** The last progress that is worth keeping. */
  public void sampled(MigrationId id, MigrationSample sample, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                "UPDATE migrations SET sample = :sample, updated_at = :now WHERE id = :id")
            .bind("sample", StoredJson.text(sample))
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .execute());
  }

  /** Wishes for an abort; false when it is too late for one. */
  public boolean wishAbort(MigrationId id, Instant now) {
    return wish(id, "wants_abort", now);
  }

  /** Wishes for an end of the copy now; false when it is too late for one. */
  public boolean wishCompletion(MigrationId id, Instant now) {
    return wish(id, "wants_completion", now);
  }

  private boolean wish(MigrationId id, String column, Instant now) {
    String sql =
        switch (column) {
          case "wants_abort" ->
              "UPDATE migrations SET wants_abort = 1, updated_at = :now WHERE id = :id AND committed = 0 AND over = 0 AND phase <> 'ROLLING_BACK'";
          case "wants_completion" ->
              "UPDATE migrations SET wants_completion = 1, updated_at = :now WHERE id = :id AND committed = 0 AND over = 0 AND phase <> 'ROLLING_BACK'";
          default -> throw new IllegalArgumentException(column);
        };
    return database.change(handle ->
        handle.createUpdate(sql).bind("now", Micros.of(now)).bind("id", id.toString()).execute()
            == 1);
  }

  /** One migration by its UUID. */
  public Optional<MigrationRow> find(MigrationId id) {
    return database.read(handle ->
        rows(handle.createQuery(ALL + " WHERE id = :id").bind("id", id.toString())).stream()
            .findFirst());
  }

  /** One migration by its number. */
  public Optional<MigrationRow> find(long number) {
    return database.read(handle ->
        rows(handle.createQuery(ALL + " WHERE number = :number").bind("number", number)).stream()
            .findFirst());
  }

  /** All, newest first. */
  public List<MigrationRow> all() {
    return database.read(handle -> rows(handle.createQuery(ALL + " ORDER BY number DESC")));
  }

  /** Those of an instance, newest first. */
  public List<MigrationRow> of(InstanceId instance) {
    return database.read(handle ->
        rows(
            handle
                .createQuery(ALL + " WHERE instance_id = :id ORDER BY number DESC")
                .bind("id", instance.toString())));
  }

  /** Those that are not over, oldest first. */
  public List<MigrationRow> underWay() {
    return database.read(
        handle -> rows(handle.createQuery(ALL + " WHERE over = 0 ORDER BY number")));
  }

  /** True while an older move of the instance is being settled. */
  public boolean earlierSettling(Migration migration) {
    return database.read(handle ->
        handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM migrations
                    WHERE instance_id = :id AND number < :number AND over = 0
                    """)
                .bind("id", migration.instance().toString())
                .bind("number", migration.number())
                .mapTo(Long.class)
                .one()
            > 0);
  }

  /** The journal of a migration, in order. */
  public List<MigrationRow.Entry> journal(MigrationId id) {
    return database.read(handle ->
        handle
            .createQuery("SELECT * FROM journal WHERE migration_id = :id ORDER BY seq")
            .bind("id", id.toString())
            .reduceRows(
                new ArrayList<MigrationRow.Entry>(),
                (entries, row) -> {
                  entries.add(
                      new MigrationRow.Entry(
                          Instances.instant(row, "at"),
                          Instances.text(row, "transition"),
                          Instances.text(row, "from_phase"),
                          Instances.text(row, "to_phase"),
                          Instances.optional(row, "step"),
                          Instances.text(row, "why"),
                          row.getColumn("epoch", Long.class)));
                  return entries;
                }));
  }

  private static List<MigrationRow> rows(Query query) {
    return query.reduceRows(
        new ArrayList<MigrationRow>(),
        (found, row) -> {
          found.add(row(row));
          return found;
        });
  }

  private static MigrationRow row(RowView row) {
    return new MigrationRow(
        migration(row),
        new Instance.Owner(Instances.text(row, "project_id"), Instances.text(row, "user_id")),
        Instances.text(row, "request_id"),
        Instances.text(row, "source_node"),
        Instances.optional(row, "destination").map(HostName::new),
        Instances.optional(row, "destination_node"),
        StoredJson.read(
            Instances.text(row, "checks"), new TypeReference<List<MigrationRow.HostChecks>>() {}),
        Instances.text(row, "why"),
        truth(row, "alarm"),
        Instances.optional(row, "sample").map(it -> StoredJson.read(it, MigrationSample.class)),
        Instances.optionalInstant(row, "transfer_at"),
        Instances.optionalInstant(row, "committed_at"),
        Instances.optionalInstant(row, "ended_at"),
        Instances.instant(row, "updated_at"));
  }

  private static Migration migration(RowView row) {
    Phase phase =
        new StoredPhase(
                PhaseName.valueOf(Instances.text(row, "phase")),
                Instances.optional(row, "step"),
                Instances.optional(row, "ending"))
            .phase();
    return new Migration(
        MigrationId.of(Instances.text(row, "id")),
        row.getColumn("number", Long.class),
        InstanceId.of(Instances.text(row, "instance_id")),
        new HostName(Instances.text(row, "source")),
        StoredJson.read(Instances.text(row, "request"), MigrationRequest.class),
        phase,
        Instances.optional(row, "plan").map(it -> StoredJson.read(it, TransferPlan.class)),
        new Wishes(truth(row, "wants_abort"), truth(row, "wants_completion")),
        new Epoch(row.getColumn("epoch", Long.class)),
        Instances.instant(row, "accepted_at"),
        Instances.instant(row, "phase_since"));
  }

  private static boolean truth(RowView row, String column) {
    return row.getColumn(column, Integer.class) != 0;
  }
}
