package dev.godwit.server.store;

/** A change or a look at the database that failed; nothing was changed. */
public final class DatabaseTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseTrouble(String what, Throwable cause) {
    super(what, cause);
  }
}
