package dev.godwit.core;

/** Assertions that are always on: a broken invariant stops the one migration, loudly. */
public final class Check {
  private Check() {}

  /** Throws {@link IllegalStateException} with the formatted message unless the condition holds. */
  public static void that(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new IllegalStateException(message.formatted(arguments));
    }
  }

  /**
   * Throws {@link IllegalArgumentException} with the formatted message unless the condition holds.
   */
  public static void argument(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(arguments));
    }
  }
}
