package dev.godwit.cli;

/** A command that could not do what was asked: what happened, why, and what to do about it. */
public final class CommandFailure extends RuntimeException {
  private final int exitCode;
  private final String why;
  private final String remedy;

  /**
   * @param exitCode one of {@link ExitCodes}
   */
  CommandFailure(int exitCode, String what, String why, String remedy) {
    super(what);
    this.exitCode = exitCode;
    this.why = why;
    this.remedy = remedy;
  }

  /** One of {@link ExitCodes}. */
  public int exitCode() {
    return exitCode;
  }

  /** What happened. */
  public String what() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** Why, as far as it is known. */
  public String why() {
    return why;
  }

  /** What the reader can do. */
  public String remedy() {
    return remedy;
  }
}
