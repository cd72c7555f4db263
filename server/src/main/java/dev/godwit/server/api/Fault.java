package dev.godwit.server.api;

/** An answer that is an error, in Nova's words. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean plain;

  Fault(int status, String message) {
    this(status, message, false);
  }

  private Fault(int status, String message, boolean plain) {
    super(message);
    this.status = status;
    this.plain = plain;
  }

  /** A path that the versioned API does not have: Nova's router tells it, and not in JSON. */
  static Fault unknownUrl() {
    return new Fault(404, "404 Not Found\n\nThe resource could not be found.\n\n   ", true);
  }

  /** A body that is more than is read. It has no retryAfter: trying again later is of no use. */
  static Fault tooLarge(int mostBytes) {
    return new Fault(413, "Request is too large: expected at most %s bytes.".formatted(mostBytes));
  }

  static Fault badRequest(String message) {
    return new Fault(400, message);
  }

  static Fault notFound(String message) {
    return new Fault(404, message);
  }

  static Fault conflict(String message) {
    return new Fault(409, message);
  }

  int status() {
    return status;
  }

  /** True when the text is the whole answer, as plain text. */
  boolean plain() {
    return plain;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /** Nova's key for this status. */
  String key() {
    return switch (status) {
      case 400 -> "badRequest";
      case 401 -> "unauthorized";
      case 403 -> "forbidden";
      case 404 -> "itemNotFound";
      case 405 -> "badMethod";
      case 409 -> "conflictingRequest";
      case 413, 429 -> "overLimit";
      case 415 -> "badMediaType";
      case 501 -> "notImplemented";
      case 503 -> "serviceUnavailable";
      default -> "computeFault";
    };
  }
}
