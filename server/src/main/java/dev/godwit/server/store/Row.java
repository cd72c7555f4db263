package dev.godwit.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.result.ResultSetException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * A row, read by its columns' kinds. The library's own view of a row looks for a mapper at each
 * column anew, which costs more than all else of a look.
 */
final class Row {
  private final ResultSet set;
  private final StatementContext context;

  private Row(ResultSet set, StatementContext context) {
    this.set = set;
    this.context = context;
  }

  /** Every row that a query finds. */
  static <T> List<T> all(Query query, Function<Row, T> read) {
    return each(query, read).list();
  }

  /** The rows that a query finds, read when they are asked for. */
  static <T> ResultIterable<T> each(Query query, Function<Row, T> read) {
    return query.map((set, context) -> read.apply(new Row(set, context)));
  }

  String text(String column) {
    return there(column, optional(column));
  }

  Optional<String> optional(String column) {
    return Optional.ofNullable(value(() -> set.getString(column)));
  }

  long number(String column) {
    return there(column, optionalNumber(column));
  }

  boolean truth(String column) {
    return number(column) != 0;
  }

  Instant instant(String column) {
    return Micros.instant(number(column));
  }

  Optional<Instant> optionalInstant(String column) {
    return optionalNumber(column).map(Micros::instant);
  }

  private Optional<Long> optionalNumber(String column) {
    return Optional.ofNullable(
        value(() -> {
          long number = set.getLong(column);
          return set.wasNull() ? null : number;
        }));
  }

  private interface Reading<T> {
    @Nullable T read() throws SQLException;
  }

  private <T> @Nullable T value(Reading<T> reading) {
    try {
      return reading.read();
    } catch (SQLException e) {
      throw new ResultSetException("a row cannot be read", e, context);
    }
  }

  private <T> T there(String column, Optional<T> value) {
    return value.orElseThrow(() ->
        new ResultSetException(
            "column %s: expected a value, found none".formatted(column),
            new SQLException("NULL"),
            context));
  }
}
