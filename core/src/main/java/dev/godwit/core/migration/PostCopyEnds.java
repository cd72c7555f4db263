package dev.godwit.core.migration;

import dev.godwit.core.migration.transfer.Row;

/** Ends of a post-copy that Godwit does not make good, each held for an operator. */
public final class PostCopyEnds {
  private PostCopyEnds() {}

  /** The documented exception: the destination is gone before it had all memory. */
  public static Decision.Stay lostWithDestination(Migration migration) {
    return Decision.Stay.held(
        "the guest is lost in post-copy: it is gone at the destination, %s, which did not have all its memory; what the source, %s, has of it is kept"
            .formatted(migration.destination(), migration.source()),
        WayOut.endLastCopy(migration, migration.source()).on(Row.POST_COPY_LOST));
  }

  /** The documented exception: the source is gone before the destination had all memory. */
  public static Decision.Stay lostWithSource(Migration migration) {
    return Decision.Stay.held(
        "the guest is lost in post-copy: the source, %s, is gone before the destination, %s, had all its memory; what is there is held as it is"
            .formatted(migration.source(), migration.destination()),
        WayOut.endLastCopy(migration, migration.destination()).on(Row.POST_COPY_SOURCE_GONE));
  }

  /** Nothing is lost: the guest was shut down before the destination had all its memory. */
  static Decision.Stay shutDown(Migration migration) {
    return Decision.Stay.held(
        "the guest was shut down at the destination, %s, before post-copy was over; nobody needs any more what the source, %s, has of its memory"
            .formatted(migration.destination(), migration.source()),
        WayOut.endCopy(migration, migration.source()).on(Hold.POST_COPY_SHUT_DOWN));
  }
}
