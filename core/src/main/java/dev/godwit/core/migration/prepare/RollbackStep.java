package dev.godwit.core.migration.prepare;

import java.util.Optional;

/** The inverse of transfer and prepare; each finds by looking what there is to undo. */
public enum RollbackStep {
  /**
   * Only where no copy is known to be ordered: the source begins none any more. When it did, both
   * hosts decide; else a domain at the destination is not ours, and its files are next.
   */
  TRANSFER_FORBIDDEN,
  /**
   * Only when two copies ran: the destination's is suspended, and waits until it may be destroyed.
   */
  DESTINATION_SUSPENDED,
  /** The incoming domain, or the definition it left behind, is gone from the destination. */
  DESTINATION_DOMAIN,
  /** Partial targets and the marked directories are gone from the destination. */
  DESTINATION_FILES,
  /** Autostart is back, and a pause that the migration made is lifted. */
  SOURCE_RESTORED;

  /** True when it is done at the source. */
  public boolean atSource() {
    return this == TRANSFER_FORBIDDEN || this == SOURCE_RESTORED;
  }

  /** The step after this one. */
  public Optional<RollbackStep> next() {
    return switch (this) {
      case DESTINATION_SUSPENDED -> Optional.of(DESTINATION_DOMAIN);
      case TRANSFER_FORBIDDEN, DESTINATION_DOMAIN -> Optional.of(DESTINATION_FILES);
      case DESTINATION_FILES -> Optional.of(SOURCE_RESTORED);
      case SOURCE_RESTORED -> Optional.empty();
    };
  }
}
