package dev.godwit.server.store;

import java.sql.SQLException;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionSystemException;

/** What the database answered instead. {@link Database} tells what that means. */
sealed class SqlTrouble extends DataAccessException {
  private static final long serialVersionUID = 1L;

  private final SQLException answer;

  SqlTrouble(SQLException answer) {
    super(String.valueOf(answer.getMessage()), answer);
    this.answer = answer;
  }

  /** There was no connection to ask on. */
  static SqlTrouble of(NestedRuntimeException unreached) {
    return new SqlTrouble(answer(unreached));
  }

  private static SQLException answer(NestedRuntimeException e) {
    return e.getCause() instanceof SQLException answer
        ? answer
        : new SQLException(e.getMessage(), e);
  }

  /** What it answered to a commit. */
  static final class InCommit extends SqlTrouble {
    private static final long serialVersionUID = 1L;

    InCommit(TransactionSystemException failed) {
      super(SqlTrouble.answer(failed));
    }
  }

  SQLException answer() {
    return answer;
  }
}
