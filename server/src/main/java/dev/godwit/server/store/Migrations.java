package dev.godwit.server.store;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.VmState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
      InstanceId instance, MigrationRequest request, Instance.Owner by, String requestId) {}

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

  /** This server's, or nobody's who is listed. */
  private static final String FREE =
      "(owner = :server OR NOT EXISTS (SELECT 1 FROM servers s WHERE s.incarnation = owner))";

  /**
   * Takes the ownership of a migration: in a later epoch nobody else's orders count, and nobody
   * else's changes of its record are taken. Never before the time, so that it is later than what
   * the agents saw also where a database lost, or a backup does not have, what it had been told.
   *
   * @param server the incarnation of the one that asks
   * @return empty when it is another listed server's, or the one that asks is not listed
   */
  public Optional<Migration> lease(MigrationId id, String server, Instant now) {
    return database.change(handle -> {
      int taken =
          handle
              .sql(
                  "UPDATE migrations SET owner = :server,"
                      + " epoch = CASE WHEN :now > epoch THEN :now ELSE epoch + 1 END"
                      + " WHERE id = :id AND rests = 0 AND "
                      + FREE
                      + " AND EXISTS (SELECT 1 FROM servers s WHERE s.incarnation = :server)")
              .bind("now", Micros.of(now))
              .bind("server", server)
              .bind("id", id.toString())
              .execute();
      return taken == 1 ? find(handle, id).map(MigrationRow::migration) : Optional.empty();
    });
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
            .sql(
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
  public void waiting(MigrationId id, Epoch epoch, Waiting waiting, Instant now) {
    database.changing(handle ->
        handle
            .sql(
                """
                UPDATE migrations SET why = :why, alarm = :alarm, way_out = :wayOut, updated_at = :now
                WHERE id = :id AND epoch = :epoch
                """)
            .bind("why", waiting.why())
            .bind("alarm", waiting.alarm() ? 1 : 0)
            .bind(
                "wayOut",
                waiting.wayOut().equals(WayOut.NONE) ? null : StoredJson.text(waiting.wayOut()))
            .bind("now", Micros.of(now))
            .bind("id", id.toString())
            .bind("epoch", epoch.value())
            .execute());
  }

  /**
   * Progress that is worth keeping; what it says was copied is claimed no more. Every server hears
   * of it, and its owner writes it.
   */
  public void sampled(MigrationId id, String server, MigrationSample sample, Instant now) {
    database.changing(handle -> {
      int owned =
          handle
              .sql(
                  """
                  UPDATE migrations SET sample = :sample, updated_at = :now
                  WHERE id = :id AND owner = :server
                  """)
              .bind("sample", StoredJson.text(sample))
              .bind("now", Micros.of(now))
              .bind("id", id.toString())
              .bind("server", server)
              .execute();
      if (owned == 1) {
        History.insert(handle, id, sample);
        Claims.lower(handle, id, sample);
      }
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
        handle.sql(sql).bind("now", Micros.of(now)).bind("id", id.toString()).execute() == 1);
  }

  /**
   * An operator's word on where the guest lives, if that is still asked for and no newer move of it
   * is under way.
   *
   * @param why what the operator was told
   */
  public boolean rule(MigrationId id, Ruling ruling, String why, Instant now) {
    return database.change(handle ->
        handle
                .sql(
                    """
                    UPDATE migrations SET ruling = :ruling, updated_at = :now
                    WHERE id = :id AND over = 0 AND why = :why AND NOT EXISTS (
                      SELECT 1 FROM migrations newer WHERE newer.instance_id = migrations.instance_id
                        AND newer.number > migrations.number AND newer.over = 0
                        AND newer.phase <> 'ACCEPTED')
                    """)
                .bind("ruling", StoredJson.text(ruling))
                .bind("now", Micros.of(now))
                .bind("id", id.toString())
                .bind("why", why)
                .execute()
            == 1);
  }

  /** One migration by its UUID. */
  public Optional<MigrationRow> find(MigrationId id) {
    return database.read(handle -> find(handle, id));
  }

  private static Optional<MigrationRow> find(Handle handle, MigrationId id) {
    return MigrationRows.first(
        handle.sql(MigrationRows.ALL + " WHERE id = :id").bind("id", id.toString()));
  }

  /** One migration by its number. */
  public Optional<MigrationRow> find(long number) {
    return database.read(handle ->
        MigrationRows.first(
            handle.sql(MigrationRows.ALL + " WHERE number = :number").bind("number", number)));
  }

  /** One migration by its UUID, whether it can be read or not. */
  public Optional<Stored> look(MigrationId id) {
    return database.read(handle ->
        handle
            .sql(MigrationRows.ALL + " WHERE id = :id")
            .bind("id", id.toString())
            .first(MigrationRows::stored));
  }

  /** One migration by its number, whether it can be read or not. */
  public Optional<Stored> look(long number) {
    return database.read(handle ->
        handle
            .sql(MigrationRows.ALL + " WHERE number = :number")
            .bind("number", number)
            .first(MigrationRows::stored));
  }

  /**
   * The newest that fit, newest first. They are read one by one, so that no more are held than
   * asked for.
   *
   * @param before only those with a smaller number
   * @param also what no column tells
   */
  public List<Stored> newest(
      MigrationFilter filter, long before, int most, Predicate<Stored> also) {
    return database.read(handle -> MigrationRows.newest(handle, filter, before, most, also));
  }

  /** Those of an instance that can be read, newest first. */
  public List<MigrationRow> of(InstanceId instance) {
    return database
        .read(handle ->
            handle
                .sql(MigrationRows.ALL + " WHERE instance_id IN (:id) ORDER BY number DESC")
                .bind("id", instance.toString())
                .all(MigrationRows::stored))
        .stream()
        .flatMap(it -> it.read().stream())
        .toList();
  }

  /**
   * A migration with something to do, the hosts that it needs, and what was wished for.
   *
   * @param awaited when it ended: the hosts that owe it something
   */
  public record UnderWay(
      MigrationId id,
      HostName source,
      Optional<HostName> destination,
      Wishes wishes,
      Set<HostName> awaited) {
    public UnderWay {
      awaited = Set.copyOf(awaited);
    }
  }

  /** Those with something to do and no other listed server's, oldest first. */
  public List<UnderWay> underWay(String server) {
    return database.read(handle -> MigrationRows.underWay(handle, FREE, server));
  }

  /** Something that is another one whenever the record of a migration is. */
  public Optional<Object> state(MigrationId id) {
    return database.read(handle ->
        handle
            .sql("SELECT updated_at, epoch, phase, step, why FROM migrations WHERE id = :id")
            .bind("id", id.toString())
            .<Object>first(row ->
                List.of(
                    row.number("updated_at"),
                    row.number("epoch"),
                    row.text("phase"),
                    row.optional("step"),
                    row.text("why"))));
  }

  /**
   * True while an older move of the instance goes on, or the migration's source owes something to
   * one that ended: what is yet to be done there must not meet what this one makes.
   */
  public boolean earlierSettling(Migration migration) {
    return database
        .read(handle ->
            handle
                .sql(
                    "SELECT phase, owed FROM migrations WHERE instance_id IN (:instance)"
                        + " AND rests = 0 AND number < :number")
                .bind("instance", migration.instance().toString())
                .bind("number", migration.number())
                .all(row -> MigrationRows.bothers(row, migration.source())))
        .contains(true);
  }

  /**
   * True when the instance of a migration is no more, or at home on a third host and not about to
   * come back to the source.
   */
  public boolean movedOn(Migration migration) {
    return database.read(handle ->
        handle
            .sql(
                """
                SELECT 1 FROM instances WHERE id = :id AND vm_state <> 'DELETED'
                  AND (host IS NULL OR host IN (:source, :destination) OR EXISTS (
                    SELECT 1 FROM migrations WHERE instance_id IN (:id) AND number > :number
                      AND destination IN (:source) AND over = 0))
                """)
            .bind("id", migration.instance().toString())
            .bind("number", migration.number())
            .bind("source", migration.source().value())
            .bind("destination", migration.destination().value())
            .first(row -> true)
            .isEmpty());
  }

  /** Those of an instance that have something to do, or owe something, oldest first. */
  public List<MigrationRow> restless(InstanceId instance) {
    return database.read(handle ->
        MigrationRows.of(
            handle
                .sql(
                    MigrationRows.ALL
                        + " WHERE instance_id IN (:instance) AND rests = 0 ORDER BY number")
                .bind("instance", instance.toString())));
  }

  /**
   * One that has something to do, or owes something.
   *
   * @param destination empty before there is a plan
   */
  public record Living(InstanceId instance, HostName source, Optional<HostName> destination) {}

  /** All that have something to do, or owe something, oldest first. */
  public List<Living> living() {
    return database.read(handle ->
        handle
            .sql(
                "SELECT instance_id, source, destination FROM migrations WHERE rests = 0 ORDER BY number")
            .all(row ->
                new Living(
                    InstanceId.of(row.text("instance_id")),
                    new HostName(row.text("source")),
                    row.optional("destination").map(HostName::new))));
  }

  /** The hosts that owe something to moves of an instance but this one. */
  public Set<HostName> owing(InstanceId instance, MigrationId but) {
    return restless(instance).stream()
        .map(MigrationRow::migration)
        .filter(other -> !other.id().equals(but))
        .flatMap(other -> other.owed().stream())
        .map(Owed::host)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The journal of a migration, in order. */
  public List<MigrationRow.Entry> journal(MigrationId id) {
    return database.read(handle -> MigrationRows.journal(handle, id));
  }
}
