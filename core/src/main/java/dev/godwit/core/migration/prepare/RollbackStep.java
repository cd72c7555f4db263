package dev.godwit.core.migration.prepare;

import java.util.Optional;

/**
 * The inverse of transfer and prepare; each finds by looking what there is to undo. Where no copy
 * was ordered it begins at {@link #DESTINATION_FILES}: a domain at the destination is not ours
 * then.
 */
public enum RollbackStep {
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
    return this == SOURCE_RESTORED;
  }

  /** The step after this one. */
  public Optional<RollbackStep> next() {
    return ordinal() + 1 < values().length
        ? Optional.of(values()[ordinal() + 1])
        : Optional.empty();
  }
}
