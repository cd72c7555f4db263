package dev.godwit.server.store;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * A statement whose parameters have names, written {@code :name} in its text. Each has a type, for
 * PostgreSQL would have to be asked for that of a NULL.
 *
 * <p>Where no key finds the one row, a column is compared by {@code IN (:name)}: by {@code = :name}
 * SQLite looks at the value to guess how many rows there are (sqlite3ExprIsInteger), so that it
 * compiles the statement again for each that is bound. To PostgreSQL both are the same.
 */
final class Statement {
  private final StatementSpec statement;

  Statement(StatementSpec statement) {
    this.statement = statement;
  }

  Statement bind(String name, @Nullable String value) {
    return new Statement(statement.param(name, value, Types.VARCHAR));
  }

  Statement bind(String name, long value) {
    return new Statement(statement.param(name, value, Types.BIGINT));
  }

  Statement bind(String name, @Nullable Long value) {
    return new Statement(statement.param(name, value, Types.BIGINT));
  }

  /** One for each of them, as {@code IN (:name)} wants it; at least one. */
  Statement bind(String name, List<String> values) {
    return new Statement(statement.param(name, values, Types.VARCHAR));
  }

  /** Carries a change out; how many rows it changed. */
  int execute() {
    return statement.update();
  }

  /** Every row that a query finds. */
  <T> List<T> all(Function<Row, T> read) {
    return some(read, row -> true, Integer.MAX_VALUE);
  }

  /** The first row that a query finds. */
  <T> Optional<T> first(Function<Row, T> read) {
    return some(read, row -> true, 1).stream().findFirst();
  }

  /** The one row that a query cannot but find. */
  <T> T one(Function<Row, T> read) {
    return first(read).orElseThrow(() -> new IllegalStateException("a query found no row"));
  }

  /**
   * The first rows that fit; others are not read.
   *
   * @param most how many are wanted
   */
  <T> List<T> some(Function<Row, T> read, Predicate<T> fits, int most) {
    return statement.query(rows -> {
      Row row = new Row(rows);
      List<T> some = new ArrayList<>();
      while (some.size() < most && rows.next()) {
        T next = read.apply(row);
        if (fits.test(next)) {
          some.add(next);
        }
      }
      return List.copyOf(some);
    });
  }
}
