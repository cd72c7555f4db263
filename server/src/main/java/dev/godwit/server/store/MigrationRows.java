package dev.godwit.server.store;

import com.fasterxml.jackson.core.type.TypeReference;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowViewMapper;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/** Rows of the table of migrations as records. */
final class MigrationRows {
  static final String ALL = "SELECT * FROM migrations";

  static final RowViewMapper<MigrationRow> MAPPER = MigrationRows::of;

  private MigrationRows() {}

  static List<MigrationRow> of(Query query) {
    return query.reduceRows(
        new ArrayList<MigrationRow>(),
        (found, row) -> {
          found.add(of(row));
          return found;
        });
  }

  static Optional<MigrationRow> first(Query query) {
    return of(query).stream().findFirst();
  }

  static MigrationRow of(RowView row) {
    return new MigrationRow(
        migration(row),
        new Instance.Owner(Columns.text(row, "project_id"), Columns.text(row, "user_id")),
        Columns.text(row, "request_id"),
        Columns.text(row, "source_node"),
        Columns.optional(row, "destination").map(HostName::new),
        Columns.optional(row, "destination_node"),
        StoredJson.read(
            Columns.text(row, "checks"), new TypeReference<List<MigrationRow.HostChecks>>() {}),
        Columns.text(row, "why"),
        truth(row, "alarm"),
        Columns.optional(row, "sample").map(it -> StoredJson.read(it, MigrationSample.class)),
        Columns.optionalInstant(row, "transfer_at"),
        Columns.optionalInstant(row, "committed_at"),
        Columns.optionalInstant(row, "ended_at"),
        Columns.instant(row, "updated_at"));
  }

  private static Migration migration(RowView row) {
    Phase phase =
        new StoredPhase(
                PhaseName.valueOf(Columns.text(row, "phase")),
                Columns.optional(row, "step"),
                Columns.optional(row, "ending"))
            .phase();
    return new Migration(
        MigrationId.of(Columns.text(row, "id")),
        row.getColumn("number", Long.class),
        InstanceId.of(Columns.text(row, "instance_id")),
        new HostName(Columns.text(row, "source")),
        StoredJson.read(Columns.text(row, "request"), MigrationRequest.class),
        phase,
        Columns.optional(row, "plan").map(it -> StoredJson.read(it, TransferPlan.class)),
        wishes(row),
        new Epoch(row.getColumn("epoch", Long.class)),
        Columns.instant(row, "accepted_at"),
        Columns.instant(row, "phase_since"),
        owed(row));
  }

  private static List<Owed> owed(RowView row) {
    return StoredJson.read(Columns.text(row, "owed"), new TypeReference<List<Owed>>() {});
  }

  private static Wishes wishes(RowView row) {
    return new Wishes(
        truth(row, "wants_abort"),
        truth(row, "wants_completion"),
        Columns.optional(row, "ruling").map(it -> StoredJson.read(it, Ruling.class)));
  }

  private static boolean truth(RowView row, String column) {
    return row.getColumn(column, Integer.class) != 0;
  }

  /** The newest that fit, newest first, read one by one. */
  static List<MigrationRow> newest(
      Handle handle, MigrationFilter filter, long before, int most, Predicate<MigrationRow> also) {
    Query query =
        handle
            .createQuery(
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
    try (Stream<MigrationRow> rows = query.map(MAPPER).stream()) {
      return rows.filter(also).limit(most).toList();
    }
  }

  /** Those that have something to do and that the server may take, oldest first. */
  static List<Migrations.UnderWay> underWay(Handle handle, String free, String server) {
    return handle
        .createQuery(
            "SELECT id, phase, source, destination, wants_abort, wants_completion, ruling, owed FROM migrations WHERE rests = 0 AND "
                + free
                + " ORDER BY number")
        .bind("server", server)
        .reduceRows(
            new ArrayList<Migrations.UnderWay>(),
            (found, row) -> {
              found.add(
                  new Migrations.UnderWay(
                      MigrationId.of(Columns.text(row, "id")),
                      new HostName(Columns.text(row, "source")),
                      Columns.optional(row, "destination").map(HostName::new),
                      wishes(row),
                      awaited(row)));
              return found;
            });
  }

  /** The hosts that one which ended waits for; none while it goes on. */
  private static Set<HostName> awaited(RowView row) {
    return switch (PhaseName.valueOf(Columns.text(row, "phase"))) {
      case ACCEPTED, PLANNED, PREPARING, TRANSFERRING, SETTLING, ROLLING_BACK -> Set.of();
      case COMPLETED, CANCELLED, FAILED ->
          owed(row).stream().map(Owed::host).collect(Collectors.toUnmodifiableSet());
    };
  }

  /** The journal of a migration, in order. */
  static List<MigrationRow.Entry> journal(Handle handle, MigrationId id) {
    return handle
        .createQuery("SELECT * FROM journal WHERE migration_id = :id ORDER BY seq")
        .bind("id", id.toString())
        .reduceRows(
            new ArrayList<MigrationRow.Entry>(),
            (entries, row) -> {
              entries.add(
                  new MigrationRow.Entry(
                      Columns.instant(row, "at"),
                      Columns.text(row, "transition"),
                      Columns.text(row, "from_phase"),
                      Columns.text(row, "to_phase"),
                      Columns.optional(row, "step"),
                      Columns.text(row, "why"),
                      row.getColumn("epoch", Long.class)));
              return entries;
            });
  }
}
