package dev.godwit.lab.host;

/** The lab cannot do what it was asked; the message says what, why and what to do. */
public final class LabFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure; programs read it from the command's exit code. */
  public enum Kind {
    /** It was tried, and went wrong. */
    FAILED,
    /** What was asked for can never be. */
    USAGE,
    /** No such lab, host or process. */
    NOT_FOUND,
    /** Something else is in the way. */
    CONFLICT
  }

  private final Kind kind;

  public LabFailure(String message) {
    this(Kind.FAILED, message);
  }

  private LabFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Words or numbers that mean nothing here. */
  public static LabFailure usage(String message) {
    return new LabFailure(Kind.USAGE, message);
  }

  /** A lab, a host or a process that is not there. */
  public static LabFailure notFound(String message) {
    return new LabFailure(Kind.NOT_FOUND, message);
  }

  /** Another command, another lab or somebody's files in the way. */
  public static LabFailure conflict(String message) {
    return new LabFailure(Kind.CONFLICT, message);
  }

  public Kind kind() {
    return kind;
  }
}
