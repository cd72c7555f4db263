package dev.godwit.wire;

/** A message that does not say what the contract promises; nothing was done with it. */
public final class BadMessage extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  BadMessage(String what) {
    super(what);
  }
}
