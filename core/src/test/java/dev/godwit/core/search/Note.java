package dev.godwit.core.search;

import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;

/** What a host's agent has on disk, and whether its events are unbroken. */
record Note(
    long epoch,
    TransferRecord transfer,
    boolean prepared,
    boolean unbroken,
    boolean resumedSeen,
    GuestView.End end,
    boolean fencing,
    long closedBy) {
  static final Note NEW =
      new Note(
          0,
          new TransferRecord.NotStarted(),
          false,
          false,
          false,
          GuestView.End.UNKNOWN,
          false,
          Fencing.OPEN);

  Note raised(long newer) {
    return new Note(
        Math.max(epoch, newer), transfer, prepared, unbroken, resumedSeen, end, fencing, closedBy);
  }

  Note with(TransferRecord now) {
    return new Note(epoch, now, prepared, unbroken, resumedSeen, end, fencing, closedBy);
  }

  /** What was seen before this call tells nothing of it. */
  Note started() {
    return new Note(
        epoch, new TransferRecord.Started(), prepared, unbroken, false, end, fencing, closedBy);
  }

  Note listening() {
    return new Note(epoch, transfer, true, true, resumedSeen, end, fencing, closedBy);
  }

  Note deaf() {
    return new Note(epoch, transfer, prepared, false, resumedSeen, end, fencing, closedBy);
  }

  Note resumed() {
    return new Note(epoch, transfer, prepared, unbroken, true, end, false, closedBy);
  }

  /** Noted before it is destroyed, for it has moved. */
  Note fencing(boolean now) {
    return new Note(epoch, transfer, prepared, unbroken, resumedSeen, end, now, closedBy);
  }

  /** By its fence, where that is noted; libvirt keeps no more than that somebody destroyed it. */
  Note destroyed() {
    return ended(fencing ? GuestView.End.MIGRATED : GuestView.End.SHUT_DOWN);
  }

  Note ended(GuestView.End how) {
    return new Note(epoch, transfer, prepared, unbroken, resumedSeen, how, false, closedBy);
  }

  /** The migration is over for this host. */
  boolean over() {
    return closedBy != Fencing.OPEN;
  }

  Note closed(long by) {
    return new Note(
        epoch, transfer, prepared, unbroken, resumedSeen, end, fencing, Math.max(closedBy, by));
  }
}
