package dev.godwit.simulation.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * The statements of a connection: who closes one leaves it for the next who needs the same, as a
 * server's driver does. To compile them anew was a sixth of a history.
 */
final class KeptStatements {
  private static final String BEGIN = "SAVEPOINT";
  private static final String UNDO = "ROLLBACK TO";

  private static final Pattern KINDS =
      Pattern.compile(
          "(?:INSERT INTO|UPDATE|DELETE FROM) (\\w+)|SELECT|RELEASE|" + BEGIN + "|" + UNDO);

  private final SQLiteConnection connection;
  private final Map<String, Deque<Kept>> idle = new HashMap<>();
  private final Map<String, AtomicLong> changes = new HashMap<>();
  private final List<Change> made = new ArrayList<>();

  KeptStatements(SQLiteConnection connection) {
    this.connection = connection;
  }

  PreparedStatement of(String sql) throws SQLException {
    Kept waiting = shelf(sql).poll();
    Kept lent = waiting == null ? new Kept(sql) : waiting;
    lent.inUse = true;
    lent.changes.ifPresent(AtomicLong::incrementAndGet);
    if (sql.startsWith(BEGIN)) {
      made.clear();
    }
    if (sql.startsWith(UNDO)) {
      // What was read of a transaction that is undone is no more.
      changes.values().forEach(AtomicLong::incrementAndGet);
    }
    return lent;
  }

  /** How often a statement was lent that may change that table; never less than before. */
  LongSupplier changes(String table) {
    return counted(table)::get;
  }

  private AtomicLong counted(String table) {
    return changes.computeIfAbsent(table, _ -> new AtomicLong());
  }

  /** What the transaction did that began last. */
  List<Change> made() {
    return List.copyOf(made);
  }

  /** The table that it changes. */
  static Optional<String> changed(String sql) {
    Matcher kind = KINDS.matcher(sql);
    if (!kind.lookingAt()) {
      throw new IllegalArgumentException("expected a change of one table or a look, found " + sql);
    }
    return Optional.ofNullable(kind.group(1));
  }

  private Deque<Kept> shelf(String sql) {
    return idle.computeIfAbsent(sql, _ -> new ArrayDeque<>());
  }

  private final class Kept extends JDBC4PreparedStatement {
    private final String text;
    private final Optional<String> table;
    private final Optional<AtomicLong> changes;
    private boolean inUse;
    private String @Nullable [] columns;

    Kept(String sql) throws SQLException {
      super(connection, sql);
      this.text = sql;
      this.table = changed(sql);
      this.changes = table.map(KeptStatements.this::counted);
    }

    @Override
    public int executeUpdate() throws SQLException {
      List<@Nullable Object> values = batch == null ? List.of() : Arrays.asList(batch.clone());
      int rows = super.executeUpdate();
      table.ifPresent(it -> made.add(new Change(text, it, values, rows)));
      return rows;
    }

    /** The names of the columns stay, as the tables do; the driver asks for each, each time. */
    @Override
    public ResultSet getResultSet() throws SQLException {
      rs.colsMeta = columns;
      ResultSet rows = super.getResultSet();
      columns = rs.colsMeta;
      return rows;
    }

    /** SQLite's driver ends one that failed; it is not kept. */
    @Override
    public void close() throws SQLException {
      if (pointer.isClosed()) {
        super.close();
      } else if (inUse) {
        inUse = false;
        rs.close();
        pointer.safeRunConsume(DB::reset);
        clearParameters();
        shelf(sql).push(this);
      }
    }
  }
}
