package dev.godwit.core.migration.settle;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import java.util.Arrays;
import java.util.Optional;

/** What follows the commit, in this order, each retried until it is confirmed. */
public enum SettleStep {
  /**
   * Only when libvirt had resumed the source after the commit: that stray is suspended, and waits
   * until it may be destroyed.
   */
  SOURCE_SUSPENDED,
  /**
   * Only when a post-copy broke: both hosts are looked at, and it is recovered, until the source is
   * gone or hands over again.
   */
  POST_COPY_RECOVERED,
  /** First of all: the source is seen gone, or destroyed while it is still paused. */
  SOURCE_FENCED,
  /**
   * The guest runs at the destination (a strict hand-over resumes it here) and is defined there.
   */
  DESTINATION_RUNNING,
  /** The source's persistent definition and autostart link are gone. */
  SOURCE_DEFINITION,
  /** The source's copies of moved disks, and its marked directories, are gone. */
  SOURCE_FILES,
  /** The destination's directories belong to the instance, no longer to this migration. */
  DESTINATION_OWNED;

  /** True when it is done at the source. */
  public boolean atSource() {
    return switch (this) {
      case SOURCE_SUSPENDED, POST_COPY_RECOVERED, SOURCE_FENCED, SOURCE_DEFINITION, SOURCE_FILES ->
          true;
      case DESTINATION_RUNNING, DESTINATION_OWNED -> false;
    };
  }

  /** The step after this one for which the plan has work. */
  public Optional<SettleStep> next(TransferPlan plan) {
    return Arrays.stream(values())
        .filter(step -> step.ordinal() > ordinal() && step.needed(plan))
        .findFirst();
  }

  private boolean needed(TransferPlan plan) {
    return switch (this) {
      // Otherwise it runs already: seeing that was the commit. In post-copy it was not the end.
      case DESTINATION_RUNNING ->
          plan.handOver() == HandOver.STRICT || plan.autostart() || plan.postCopyPermitted();
      case SOURCE_SUSPENDED,
          POST_COPY_RECOVERED,
          SOURCE_FENCED,
          SOURCE_DEFINITION,
          SOURCE_FILES,
          DESTINATION_OWNED ->
          true;
    };
  }
}
