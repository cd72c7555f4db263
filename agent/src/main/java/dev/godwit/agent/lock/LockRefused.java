package dev.godwit.agent.lock;

/** A lock manager that cannot be set up so; the text says what was expected, found, to be done. */
public final class LockRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LockRefused(String expected, String found, String remedy) {
    super("expected %s, found %s. %s".formatted(expected, found, remedy));
  }
}
