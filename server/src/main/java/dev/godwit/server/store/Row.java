package dev.godwit.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row that a query found, read by its columns' kinds. */
final class Row {
  private final ResultSet set;

  Row(ResultSet set) {
    this.set = set;
  }

  String text(String column) {
    return there(column, optional(column));
  }

  Optional<String> optional(String column) {
    return Optional.ofNullable(value(() -> set.getString(column)));
  }

  <E extends Enum<E>> E word(String column, Class<E> type) {
    return Unreadable.word(type, text(column));
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

  private static <T> @Nullable T value(Reading<T> reading) {
    try {
      return reading.read();
    } catch (SQLException e) {
      throw new SqlTrouble(e);
    }
  }

  private static <T> T there(String column, Optional<T> value) {
    return value.orElseThrow(() ->
        new SqlTrouble(
            new SQLException("column %s: expected a value, found none".formatted(column))));
  }
}
