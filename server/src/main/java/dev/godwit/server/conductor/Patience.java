package dev.godwit.server.conductor;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.plan.DiskMove;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

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
   * @param memoryMib tells the guest's, and is asked only when that decides
   */
  boolean isOver(Migration migration, LongSupplier memoryMib, Instant now) {
    boolean undecided = !migration.wishes().abort() && !migration.wishes().forceComplete();
    if (secondsPerGib == 0 || !undecided || !(migration.phase() instanceof Phase.Transferring)) {
      return false;
    }
    Duration since = Duration.between(migration.phaseSince(), now);
    return since.compareTo(longest(migration, 0)) > 0
        && since.compareTo(longest(migration, memoryMib.getAsLong())) > 0;
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
