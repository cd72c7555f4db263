package dev.godwit.server.store;

/** What came of journalling a move. Unless it is DONE, nothing was changed. */
public enum Moved {
  /** Journalled, with everything that it means. */
  DONE,
  /** The migration belongs to somebody else now, or is not where the decision saw it. */
  LOST,
  /** The destination's room was claimed by others since it was looked at. */
  NO_ROOM
}
