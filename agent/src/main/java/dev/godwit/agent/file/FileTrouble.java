package dev.godwit.agent.file;

/** A file that cannot be made, read or removed; the message names it. */
public final class FileTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people that names the file. */
  public FileTrouble(String what) {
    super(what);
  }
}
