package dev.godwit.server.api;

/** A text that may be looked at only so often: a pattern that goes round in circles is refused. */
final class BoundedText implements CharSequence {
  private static final int MOST_LOOKS = 20_000;

  private final String text;
  private int looks;

  BoundedText(String text) {
    this.text = text;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (++looks > MOST_LOOKS) {
      throw Fault.badRequest("Invalid filter field: the regular expression takes too long.");
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
