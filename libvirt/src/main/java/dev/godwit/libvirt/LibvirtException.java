package dev.godwit.libvirt;

/**
 * The one exception of this binding. What libvirt itself reported has its code, domain, level and
 * text; what the binding found (no answer in time, a connection already given up) is told by {@link
 * #kind}.
 */
public final class LibvirtException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who found the problem, and so what is known about the call's effect. */
  public enum Kind {
    /** libvirt answered with an error. */
    REPORTED,
    /** No answer in time: the connection is lost and the call's effect is unknown. */
    NO_ANSWER,
    /** The connection was closed, given up or refused before: the call was not made. */
    NOT_CONNECTED,
    /** Other calls took all the time, or too many wait: the call was not made. */
    BUSY,
    /** The waiting thread was interrupted: the call's effect is unknown, unless the text tells. */
    INTERRUPTED,
    /** libvirt's library is not there, or cannot be used. */
    NO_LIBRARY
  }

  private final Kind kind;
  private final int code;
  private final int domain;
  private final ErrorLevel level;
  private final boolean connectionLost;

  private LibvirtException(
      Kind kind, int code, int domain, ErrorLevel level, String message, boolean connectionLost) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.domain = domain;
    this.level = level;
    this.connectionLost = connectionLost;
  }

  /** As libvirt reports it; for another libvirt than the C library's. */
  public static LibvirtException reported(ErrorCode code, String message) {
    return new LibvirtException(Kind.REPORTED, code.code(), -1, ErrorLevel.ERROR, message, false);
  }

  static LibvirtException reported(int code, int domain, int level, String message, boolean lost) {
    return new LibvirtException(Kind.REPORTED, code, domain, ErrorLevel.of(level), message, lost);
  }

  /** The same, known to have cost the connection. */
  LibvirtException withConnectionLost() {
    return new LibvirtException(kind, code, domain, level, text(), true);
  }

  /** The same, thrown by the thread that waited; the cause shows where the call was made. */
  LibvirtException forCaller() {
    LibvirtException copy = new LibvirtException(kind, code, domain, level, text(), connectionLost);
    copy.initCause(this);
    return copy;
  }

  /** As the caller finds it, without libvirt's word. */
  public static LibvirtException found(Kind kind, String message) {
    boolean lost = kind == Kind.NO_ANSWER || kind == Kind.NOT_CONNECTED;
    return new LibvirtException(kind, -1, -1, ErrorLevel.ERROR, message, lost);
  }

  public Kind kind() {
    return kind;
  }

  /** libvirt's number (virErrorNumber); -1 when libvirt did not report it. */
  public int code() {
    return code;
  }

  /** The code by name; UNKNOWN when libvirt did not report it, or the number is new. */
  public ErrorCode errorCode() {
    return ErrorCode.of(code);
  }

  /** libvirt's number of the part that reported (virErrorDomain); -1 when libvirt did not. */
  public int domain() {
    return domain;
  }

  /** The domain by name. */
  public ErrorDomain errorDomain() {
    return ErrorDomain.of(domain);
  }

  public ErrorLevel level() {
    return level;
  }

  /** libvirt's text, or the binding's. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** No such domain on that host (42). */
  public boolean isNoDomain() {
    return errorCode() == ErrorCode.NO_DOMAIN;
  }

  /**
   * Not possible for this domain now (84). As the answer to job info it is the sign that the domain
   * is still arriving.
   */
  public boolean isOperationUnsupported() {
    return errorCode() == ErrorCode.OPERATION_UNSUPPORTED;
  }

  /** The domain is not in the state for this call (55). */
  public boolean isOperationInvalid() {
    return errorCode() == ErrorCode.OPERATION_INVALID;
  }

  /** The job was aborted by a client (78). */
  public boolean isAborted() {
    return errorCode() == ErrorCode.OPERATION_ABORTED;
  }

  /**
   * The connection to the daemon is gone, or could not be made, so that nothing is known about the
   * host: open another one.
   */
  public boolean isConnectionProblem() {
    return connectionLost;
  }
}
