package dev.godwit.core.migration;

/**
 * What holds a migration for an operator beside the rows of the decision table: with these, the
 * words by which programs tell one hold from another.
 */
public enum Hold {
  /** A copy that the record does not own stands beside the one that it owns. */
  STRAY,
  /** Such a copy is off, may have run last, and its disks are its own. */
  STRAY_OFF,
  /** Such a copy may be the last one. */
  LAST_COPY,
  /** A broken post-copy is not recovered: the destination's QEMU may hang. */
  POST_COPY_HANGS,
  /** The guest shut down in post-copy. */
  POST_COPY_SHUT_DOWN,
  /** A copy of which the record has lost all entries left the source paused. */
  UNRECORDED_PAUSE,
  /** Such a copy is a post-copy that broke. */
  UNRECORDED_POST_COPY
}
