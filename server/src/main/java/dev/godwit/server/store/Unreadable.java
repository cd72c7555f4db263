package dev.godwit.server.store;

import java.util.Optional;
import java.util.function.Supplier;

/** What is stored and this version cannot read. Whoever reads it stops, loudly; nobody guesses. */
public final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Unreadable(String what, Throwable cause) {
    super(what, cause);
  }

  /** A text that does not fit its column's type. */
  static Unreadable text(String expected, String found, Throwable cause) {
    return new Unreadable(
        "database: expected a stored %s as this version writes it, found: %s. Most likely a newer Godwit wrote it: stop all servers, and start that version again. If none did, restore the database from a copy."
            .formatted(expected, found),
        cause);
  }

  /** A word of an enum that this version may not have. */
  static <E extends Enum<E>> E word(Class<E> type, String stored) {
    try {
      return Enum.valueOf(type, stored);
    } catch (IllegalArgumentException e) {
      throw text(type.getSimpleName(), stored, e);
    }
  }

  /** Empty for what this version cannot read. */
  static <T> Optional<T> readable(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  /** Whose row it is. */
  Unreadable of(String row) {
    return new Unreadable("%s cannot be read: %s".formatted(row, getMessage()), this);
  }

  /** What is told to people. */
  public String sentence() {
    return "" + getMessage();
  }
}
