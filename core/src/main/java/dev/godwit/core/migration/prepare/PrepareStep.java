package dev.godwit.core.migration.prepare;

import java.util.Optional;

/** What is made before the copy, in this order; the inverses are {@link RollbackStep}s. */
public enum PrepareStep {
  /** The instance's directories at the destination, with an ownership marker of this migration. */
  DESTINATION_DIRECTORIES,
  /** Targets of the copied disks: same virtual size, sparse, same backing file. */
  DESTINATION_DISKS,
  /**
   * The source's autostart link is cleared: a killed Confirm would leave it to start a second copy.
   */
  SOURCE_AUTOSTART;

  /** The step after this one. */
  public Optional<PrepareStep> next() {
    return ordinal() + 1 < values().length
        ? Optional.of(values()[ordinal() + 1])
        : Optional.empty();
  }
}
