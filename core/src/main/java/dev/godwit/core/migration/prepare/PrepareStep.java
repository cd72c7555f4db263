package dev.godwit.core.migration.prepare;

import dev.godwit.core.migration.plan.TransferPlan;
import java.util.Arrays;
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

  /** The step after this one for which the plan has work. */
  public Optional<PrepareStep> next(TransferPlan plan) {
    return Arrays.stream(values())
        .filter(step -> step.ordinal() > ordinal() && step.needed(plan))
        .findFirst();
  }

  private boolean needed(TransferPlan plan) {
    return switch (this) {
      // From here on the destination listens for the guest, disks or none.
      case DESTINATION_DIRECTORIES -> true;
      case DESTINATION_DISKS -> !plan.copiedDisks().isEmpty();
      case SOURCE_AUTOSTART -> plan.autostart();
    };
  }
}
