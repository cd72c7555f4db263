package dev.godwit.simulation.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.store.Waiting;
import dev.godwit.simulation.store.SimulatedDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The servers' record, as who looks from outside reads it. */
final class Ledger {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final SimulatedDatabase database;
  private final Known<Instance> instances;
  private final Known<Move> moves;
  private final LongSupplier journalChanges;
  private long told;
  private long journalWhenTold;

  Ledger(SimulatedDatabase database) {
    this.database = database;
    this.journalChanges = database.changes("journal");
    this.instances =
        new Known<>(
            "instances",
            "SELECT id, COALESCE(host, ''), vm_state, task_state FROM instances ORDER BY number",
            row ->
                new Instance(
                    UUID.fromString(row.getString(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4)));
    this.moves =
        new Known<>(
            "migrations",
            "SELECT number, instance_id, source, destination, phase, rests, why, alarm, way_out, ending, ruling, id, COALESCE((SELECT name FROM servers WHERE incarnation = owner), '') FROM migrations ORDER BY number",
            row ->
                new Move(
                    row.getLong(1),
                    UUID.fromString(row.getString(2)),
                    row.getString(3),
                    Optional.ofNullable(row.getString(4)),
                    row.getString(5),
                    row.getInt(6) == 1,
                    Waiting.stored(
                        row.getString(7),
                        row.getInt(8) == 1,
                        Optional.ofNullable(row.getString(9))),
                    Optional.ofNullable(row.getString(10)).map(Ledger::codes).orElse(Set.of()),
                    row.getString(11) != null,
                    UUID.fromString(row.getString(12)),
                    row.getString(13)));
  }

  /** An instance as it is recorded. */
  record Instance(UUID id, String host, String vmState, String taskState) {}

  /**
   * A migration as it is recorded.
   *
   * @param codes of the refusals that end it
   * @param ruled an operator said where the guest lives
   * @param owner the server that leads it, empty when none does
   */
  record Move(
      long number,
      UUID instance,
      String source,
      Optional<String> destination,
      String phase,
      boolean rests,
      Waiting waiting,
      Set<String> codes,
      boolean ruled,
      UUID id,
      String owner) {
    /** True when it is recorded that something which the guest did may be lost. */
    boolean tellsOfALoss() {
      return ruled
          || codes.contains(Refusals.runAtDestinationLost(new InstanceId(instance)).code());
    }

    /** True for what bears its name, or its guest's. */
    boolean concerns(UUID name) {
      return name.equals(id) || name.equals(instance);
    }
  }

  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The rows of a table, read again when it may have changed. */
  private final class Known<T> {
    private final LongSupplier changes;
    private final String sql;
    private final Row<T> reader;
    private long changesWhenRead = -1;
    private List<T> rows = List.of();

    Known(String table, String sql, Row<T> reader) {
      this.changes = database.changes(table);
      this.sql = sql;
      this.reader = reader;
    }

    boolean changed() {
      return changes.getAsLong() != changesWhenRead;
    }

    List<T> rows() {
      long now = changes.getAsLong();
      if (now != changesWhenRead) {
        rows = List.copyOf(all(sql, reader));
        changesWhenRead = now;
      }
      return rows;
    }
  }

  private <T> List<T> all(String sql, Row<T> reader, long... values) {
    try (PreparedStatement statement = database.look(sql);
        ResultSet rows = query(statement, values)) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(reader.read(rows));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static ResultSet query(PreparedStatement statement, long... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setLong(i + 1, values[i]);
    }
    return statement.executeQuery();
  }

  /** True when an instance or a migration may be another than when they were read last. */
  boolean changed() {
    return instances.changed() || moves.changed();
  }

  List<Instance> instances() {
    return instances.rows();
  }

  List<Move> moves() {
    return moves.rows();
  }

  private static Set<String> codes(String stored) {
    try {
      return Set.copyOf(JSON.readTree(stored).path("reasons").findValuesAsText("code"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(stored, e);
    }
  }

  /** Those that are not over. */
  List<Move> open() {
    return moves().stream().filter(move -> !move.rests()).toList();
  }

  /** Lines of the journal that were not told before, with the phase that each leads to. */
  List<String> news() {
    long journal = journalChanges.getAsLong();
    if (journal == journalWhenTold) {
      return List.of();
    }
    journalWhenTold = journal;
    return all(
        "SELECT j.rowid, m.number, j.transition, j.to_phase, COALESCE(j.step, '') FROM journal j"
            + " JOIN migrations m ON m.id = j.migration_id WHERE j.rowid > ? ORDER BY j.rowid",
        row -> {
          told = Math.max(told, row.getLong(1));
          return "journal of "
              + row.getLong(2)
              + ": "
              + row.getString(3)
              + " to "
              + row.getString(4)
              + " "
              + row.getString(5);
        },
        told);
  }

  /** How much is claimed that no living move needs. */
  List<String> claims() {
    return all(
        "SELECT migration_id FROM (SELECT migration_id FROM claims UNION ALL SELECT migration_id"
            + " FROM disk_claims) WHERE migration_id NOT IN (SELECT id FROM migrations WHERE rests"
            + " = 0)",
        row -> row.getString(1));
  }

  /** How many hosts ever announced themselves. */
  int hosts() {
    return all("SELECT COUNT(*) FROM hosts", row -> row.getInt(1)).getFirst();
  }

  /** True when somebody's word that it is dead is recorded. */
  boolean fenced(String host) {
    return all("SELECT name FROM hosts WHERE fenced_at IS NOT NULL", row -> row.getString(1))
        .contains(host);
  }

  /** True when nothing is under way. */
  boolean rests() {
    return moves().stream().allMatch(Move::rests)
        && instances().stream().allMatch(it -> it.taskState.equals("NONE"));
  }
}
