package dev.godwit.server.store;

/** A database that cannot be used; the message says what was expected, found, and what to do. */
public final class DatabaseRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseRefused(String what) {
    super(what);
  }
}
