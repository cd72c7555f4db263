package dev.godwit.server.store;

/**
 * A change or a look at the database that failed. Nothing was changed, unless it is a {@link
 * Unlearned}.
 */
public sealed class DatabaseTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseTrouble(String what, Throwable cause) {
    super(what, cause);
  }

  /**
   * The database did not say whether it took a change: it may be there or not, and the record has
   * to be read to know.
   */
  public static final class Unlearned extends DatabaseTrouble {
    private static final long serialVersionUID = 1L;

    Unlearned(String what, Throwable cause) {
      super(what, cause);
    }
  }

  /** What is at the bottom of it. */
  static String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
