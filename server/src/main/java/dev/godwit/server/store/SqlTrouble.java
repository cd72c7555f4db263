package dev.godwit.server.store;

import java.sql.SQLException;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;

/** What the database answered instead. {@link Database} tells what that means. */
final class SqlTrouble extends DataAccessException {
  private static final long serialVersionUID = 1L;

  private final SQLException answer;

  SqlTrouble(SQLException answer) {
    super(String.valueOf(answer.getMessage()), answer);
    this.answer = answer;
  }

  /** There was no connection to ask on. */
  static SqlTrouble of(NestedRuntimeException unreached) {
    return unreached.getCause() instanceof SQLException answer
        ? new SqlTrouble(answer)
        : new SqlTrouble(new SQLException(unreached.getMessage(), unreached));
  }

  SQLException answer() {
    return answer;
  }
}
