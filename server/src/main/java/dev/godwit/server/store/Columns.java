package dev.godwit.server.store;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.result.RowView;

/** Columns of a row, by their kinds. */
final class Columns {
  private Columns() {}

  static String text(RowView row, String column) {
    return row.getColumn(column, String.class);
  }

  static Optional<String> optional(RowView row, String column) {
    return Optional.ofNullable(row.getColumn(column, String.class));
  }

  static Instant instant(RowView row, String column) {
    return Micros.instant(row.getColumn(column, Long.class));
  }

  static Optional<Instant> optionalInstant(RowView row, String column) {
    return Optional.ofNullable(row.getColumn(column, Long.class)).map(Micros::instant);
  }
}
