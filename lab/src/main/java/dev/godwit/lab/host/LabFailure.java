package dev.godwit.lab.host;

/** The lab cannot do what it was asked; the message says what, why and what to do. */
public final class LabFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LabFailure(String message) {
    super(message);
  }
}
