package dev.godwit.server.store;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Rows of the table of migrations as records. */
final class MigrationRows {
  static final String ALL = "SELECT * FROM migrations";

  private MigrationRows() {}

  static List<MigrationRow> of(Statement query) {
    return query.all(MigrationRows::of);
  }

  static Optional<MigrationRow> first(Statement query) {
    return of(query).stream().findFirst();
  }

  static MigrationRow of(Row row) {
    try {
      return read(row);
    } catch (Unreadable e) {
      throw e.of("migration " + row.number("number"));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw Unreadable.text("migration", "" + e.getMessage(), e)
          .of("migration " + row.number("number"));
    }
  }

  /** Whether it can be read or not. */
  static Stored stored(Row row) {
    try {
      return new Stored.Read(of(row));
    } catch (Unreadable e) {
      return new Stored.Unread(
          MigrationId.of(row.text("id")),
          row.number("number"),
          InstanceId.of(row.text("instance_id")),
          new HostName(row.text("source")),
          row.optional("destination").map(HostName::new),
          row.text("phase"),
          e.sentence());
    }
  }

  private static MigrationRow read(Row row) {
    return new MigrationRow(
        migration(row),
        new Instance.Owner(row.text("project_id"), row.text("user_id")),
        row.text("request_id"),
        row.text("source_node"),
        row.optional("destination").map(HostName::new),
        row.optional("destination_node"),
        StoredJson.list(row.text("checks"), MigrationRow.HostChecks[].class),
        Waiting.stored(row.text("why"), row.truth("alarm"), row.optional("way_out")),
        row.optional("sample").map(it -> StoredJson.read(it, MigrationSample.class)),
        row.optionalInstant("transfer_at"),
        row.optionalInstant("committed_at"),
        row.optionalInstant("ended_at"),
        row.instant("updated_at"));
  }

  private static Migration migration(Row row) {
    Phase phase =
        new StoredPhase(
                row.word("phase", PhaseName.class), row.optional("step"), row.optional("ending"))
            .phase();
    return new Migration(
        MigrationId.of(row.text("id")),
        row.number("number"),
        InstanceId.of(row.text("instance_id")),
        new HostName(row.text("source")),
        StoredJson.read(row.text("request"), MigrationRequest.class),
        phase,
        row.optional("plan").map(it -> StoredJson.read(it, TransferPlan.class)),
        wishes(row),
        new Epoch(row.number("epoch")),
        row.instant("accepted_at"),
        row.instant("phase_since"),
        owed(row));
  }

  private static List<Owed> owed(Row row) {
    return StoredJson.list(row.text("owed"), Owed[].class);
  }

  private static Wishes wishes(Row row) {
    return new Wishes(
        row.truth("wants_abort"),
        row.truth("wants_completion"),
        row.optional("ruling").map(it -> StoredJson.read(it, Ruling.class)));
  }

  /** The newest that fit, newest first, read one by one. */
  static List<Stored> newest(
      Handle handle, MigrationFilter filter, long before, int most, Predicate<Stored> also) {
    Statement query =
        handle
            .sql(
                ALL
                    + " WHERE number < :before AND "
                    + MigrationFilter.SQL
                    + " ORDER BY number DESC")
            .bind("before", before)
            .bind("host", filter.host().orElse(null))
            .bind("source", filter.source().orElse(null))
            .bind("instance", filter.instance().orElse(null))
            .bind("user", filter.user().orElse(null))
            .bind("project", filter.project().orElse(null))
            .bind("since", filter.changedSince().map(Micros::of).orElse(null))
            .bind("until", filter.changedBefore().map(Micros::of).orElse(null));
    return query.some(MigrationRows::stored, also, most);
  }

  /**
   * Those that have something to do and that the server may take, oldest first. One that cannot be
   * read is among them: whoever takes it is told so, and nobody else.
   */
  static List<Migrations.UnderWay> underWay(Handle handle, String free, String server) {
    return handle
        .sql(
            "SELECT id, phase, source, destination, wants_abort, wants_completion, ruling, owed FROM migrations WHERE rests = 0 AND "
                + free
                + " ORDER BY number")
        .bind("server", server)
        .all(row ->
            new Migrations.UnderWay(
                MigrationId.of(row.text("id")),
                new HostName(row.text("source")),
                row.optional("destination").map(HostName::new),
                Unreadable.readable(() -> wishes(row)).orElse(Wishes.NONE),
                Unreadable.readable(() -> awaited(row)).orElse(Set.of())));
  }

  /**
   * True when one that has something to do, or owes something, goes on, or owes something there; so
   * may one that cannot be read.
   */
  static boolean bothers(Row row, HostName host) {
    return Unreadable.readable(
            () -> goesOn(row) || owed(row).stream().anyMatch(it -> it.host().equals(host)))
        .orElse(true);
  }

  private static boolean goesOn(Row row) {
    return switch (row.word("phase", PhaseName.class)) {
      case ACCEPTED, PLANNED, PREPARING, TRANSFERRING, SETTLING, ROLLING_BACK -> true;
      case COMPLETED, CANCELLED, FAILED -> false;
    };
  }

  /** The hosts that one which ended waits for; none while it goes on. */
  private static Set<HostName> awaited(Row row) {
    return goesOn(row)
        ? Set.of()
        : owed(row).stream().map(Owed::host).collect(Collectors.toUnmodifiableSet());
  }

  /** The journal of a migration, in order. */
  static List<MigrationRow.Entry> journal(Handle handle, MigrationId id) {
    return handle
        .sql("SELECT * FROM journal WHERE migration_id IN (:id) ORDER BY seq")
        .bind("id", id.toString())
        .all(row ->
            new MigrationRow.Entry(
                row.instant("at"),
                row.text("transition"),
                row.text("from_phase"),
                row.text("to_phase"),
                row.optional("step"),
                row.text("why"),
                row.number("epoch")));
  }
}
