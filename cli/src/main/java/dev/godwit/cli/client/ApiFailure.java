package dev.godwit.cli.client;

/** An answer that is not 2xx, or none at all. */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;
  private final boolean unheard;

  private ApiFailure(String message, int status, String text, boolean unheard) {
    super(message);
    this.status = status;
    this.text = text;
    this.unheard = unheard;
  }

  static ApiFailure answered(String call, int status, String body) {
    return new ApiFailure(call + " answered " + status + ": " + body, status, body, false);
  }

  static ApiFailure unanswered(String call, String why) {
    return new ApiFailure(call + ": " + why, 0, why, false);
  }

  /** Nobody took the connection. */
  static ApiFailure unheard(String call, String why) {
    return new ApiFailure(call + ": " + why, 0, why, true);
  }

  /** True when the call certainly reached nobody. */
  boolean unheard() {
    return unheard;
  }

  /** HTTP status; 0 when there was no answer, or not one of the API. */
  public int status() {
    return status;
  }

  /** The answer's body; without an answer, why there is none. */
  public String text() {
    return text;
  }
}
