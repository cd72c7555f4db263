package dev.godwit.server.conductor;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.plan.DiskMove;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a copy may take, and what is wished for then (Nova's live_migration_completion_timeout
 * and live_migration_timeout_action).
 *
 * @param secondsPerGib of memory and copied disks, which count as 2 GiB at least; 0 for ever
 */
public record Patience(int secondsPerGib, Action action) {
  /** Nova's defaults. */
  public static final Patience DEFAULT = new Patience(800, Action.ABORT);

  private static final double GIB = 1L << 30;
  private static final double LEAST_GIB = 2;

  /** What is done with a copy that takes too long. */
  public enum Action {
    ABORT,
    /** To post-copy where that is permitted, else to a pause. */
    FORCE_COMPLETE
  }

  /**
   * True when the copy has taken too long, and nobody has wished for anything yet.
   *
   * @param memoryMib the guest's
   */
  boolean isOver(Migration migration, long memoryMib, Instant now) {
    boolean undecided = !migration.wishes().abort() && !migration.wishes().forceComplete();
    return secondsPerGib > 0
        && undecided
        && migration.phase() instanceof Phase.Transferring
        && Duration.between(migration.phaseSince(), now).compareTo(longest(migration, memoryMib))
            > 0;
  }

  private Duration longest(Migration migration, long memoryMib) {
    double bytes =
        (double) (memoryMib << 20)
            + migration.planned().disks().stream()
                .filter(DiskMove::copied)
                .mapToLong(DiskMove::virtualSizeBytes)
                .sum();
    return Duration.ofMillis(
        Math.round(secondsPerGib * 1_000.0 * Math.max(LEAST_GIB, bytes / GIB)));
  }
}
