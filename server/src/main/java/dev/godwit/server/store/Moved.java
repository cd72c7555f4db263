package dev.godwit.server.store;

/** What came of journalling a move. Unless it is DONE, nothing was changed. */
public enum Moved {
  /** Journalled, with everything that it means. */
  DONE,
  /** The migration belongs to somebody else now, or is not where the decision saw it. */
  LOST,
  /** The destination's memory was claimed by others since it was looked at. */
  NO_MEMORY,
  /** Its vCPUs were. */
  NO_VCPUS,
  /** The room on one of its file systems was. */
  NO_DISK_ROOM
}
