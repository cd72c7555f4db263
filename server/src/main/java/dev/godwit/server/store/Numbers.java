package dev.godwit.server.store;

/**
 * Numbers that are given once. Whoever takes one holds its row until the end of the transaction, so
 * that they appear in their order, also with several servers.
 */
final class Numbers {
  private Numbers() {}

  static long next(Handle handle, String what) {
    handle
        .sql("UPDATE numbers SET last = last + 1 WHERE what = :what")
        .bind("what", what)
        .execute();
    return handle
        .sql("SELECT last FROM numbers WHERE what = :what")
        .bind("what", what)
        .one(row -> row.number("last"));
  }
}
