package dev.godwit.server.store;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.VmState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Migrations and their journal. Every change of a phase is one transaction, fenced by the epoch,
 * with everything that it means: claim, ownership, task state, journal entry.
 */
public final class Migrations {
  private final Database database;
  private final Supplier<UUID> ids;

  /**
   * The records of that database.
   *
   * @param ids names what is new
   */
  public Migrations(Database database, Supplier<UUID> ids) {
    this.ids = ids;
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
    return database.change(handle -> Acceptances.accept(handle, ids.get(), asked, now));
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
      return taken == 1 ? find(handle, id).map(MigrationRow::migration) : Optional.empty();
    });
  }

  /**
   * Keeps this server's leases that end soon, all at once. One that has ended is not kept: whoever
   * takes it has a newer epoch, under which this server's orders and journal entries are refused.
   */
  public void renew(String server, Duration lease, Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE migrations SET lease_until = :until
                WHERE over = 0 AND owner = :server AND lease_until >= :now AND lease_until < :soon
                """)
            .bind("until", Micros.of(now.plus(lease)))
            .bind("soon", Micros.of(now.plus(lease.dividedBy(2))))
            .bind("now", Micros.of(now))
            .bind("server", server)
            .execute());
  }

  /**
   * What goes into the journal with a move.
   *
   * @param event a part of the action that is over with it
   * @param destination all the memory and vCPUs that may be taken at the destination
   * @param disks the room that a plan claims there
   * @param seen what it was decided by, as far as it is not written yet
   */
  public record Meaning(
      Optional<Actions.Event> event,
      Resources destination,
      List<DiskClaim> disks,
      List<Sighting> seen) {
    public Meaning {
      disks = List.copyOf(disks);
      seen = List.copyOf(seen);
    }
  }

  /**
   * Journals a move and all it means, in one transaction.
   *
   * @param held the epoch under which the decision was made
   */
  public Moved move(Epoch held, Decision.Move move, Meaning meaning, Instant now) {
    try {
      return database.change(
          handle -> Moves.apply(handle, held, move, meaning, now) ? Moved.DONE : Moved.LOST);
    } catch (Capacity.NoRoom e) {
      return e.missing;
    }
  }

  /** The destination's node, and what the checks found. */
  public void checked(
      Migration migration,
      List<MigrationRow.HostChecks> checks,
      Optional<String> node,
      Instant now) {
    database.changing(handle ->
        handle
            .createUpdate(
                """
                UPDATE migrations SET checks = :checks, destination_node = :node, updated_at = :now
                WHERE id = :id AND epoch = :epoch
                """)
            .bind("checks", StoredJson.text(checks))
            .bind("node", node.orElse(null))
            .bind("now", Micros.of(now))
            .bind("epoch", migration.epoch().value())
            .bind("id", migration.id().toString())
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

  /** Progress that is worth keeping; what it says was copied is claimed no more. */
  public void sampled(MigrationId id, MigrationSample sample, Instant now) {
    database.changing(handle -> {
      handle
          .createUpdate("UPDATE migrations SET sample = :sample, updated_at = :now WHERE id = :id")
          .bind("sample", StoredJson.text(sample))
          .bind("now", Micros.of(now))
          .bind("id", id.toString())
          .execute();
      History.insert(handle, id, sample);
      Claims.lower(handle, id, sample);
    });
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
    return database.read(handle -> find(handle, id));
  }

  private static Optional<MigrationRow> find(Handle handle, MigrationId id) {
    return MigrationRows.first(
        handle.createQuery(MigrationRows.ALL + " WHERE id = :id").bind("id", id.toString()));
  }

  /** One migration by its number. */
  public Optional<MigrationRow> find(long number) {
    return database.read(handle ->
        MigrationRows.first(
            handle
                .createQuery(MigrationRows.ALL + " WHERE number = :number")
                .bind("number", number)));
  }

  /**
   * The newest that fit, newest first. They are read one by one, so that no more are held than
   * asked for.
   *
   * @param before only those with a smaller number
   * @param also what no column tells
   */
  public List<MigrationRow> newest(
      MigrationFilter filter, long before, int most, Predicate<MigrationRow> also) {
    return database.read(handle -> MigrationRows.newest(handle, filter, before, most, also));
  }

  /** Those of an instance, newest first. */
  public List<MigrationRow> of(InstanceId instance) {
    return database.read(handle ->
        MigrationRows.of(
            handle
                .createQuery(MigrationRows.ALL + " WHERE instance_id = :id ORDER BY number DESC")
                .bind("id", instance.toString())));
  }

  /** A migration that is not over, and the hosts that it needs. */
  public record UnderWay(MigrationId id, HostName source, Optional<HostName> destination) {}

  /** Those that are not over, oldest first. */
  public List<UnderWay> underWay() {
    return database.read(MigrationRows::underWay);
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
    return database.read(handle -> MigrationRows.journal(handle, id));
  }
}
