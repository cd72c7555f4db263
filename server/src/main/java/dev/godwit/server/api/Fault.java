package dev.godwit.server.api;

/** An answer that is an error, in Nova's words. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Fault(int status, String message) {
    super(message);
    this.status = status;
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
