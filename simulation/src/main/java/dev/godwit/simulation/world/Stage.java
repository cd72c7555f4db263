package dev.godwit.simulation.world;

import dev.godwit.core.migration.PhaseName;
import java.util.Optional;

/** What of a move something may disturb: a phase of it, or a post-copy, over which it goes on. */
public enum Stage {
  /** Hosts are checked and proven to share what they should, and room is claimed. */
  PLANNING,
  PREPARING,
  TRANSFERRING,
  /** The source has switched, and the destination has not all memory yet. */
  POST_COPY,
  SETTLING,
  ROLLING_BACK;

  /** Empty where nothing goes on that could be disturbed. */
  static Optional<Stage> of(PhaseName phase) {
    return switch (phase) {
      case ACCEPTED, PLANNED -> Optional.of(PLANNING);
      case PREPARING -> Optional.of(PREPARING);
      case TRANSFERRING -> Optional.of(TRANSFERRING);
      case SETTLING -> Optional.of(SETTLING);
      case ROLLING_BACK -> Optional.of(ROLLING_BACK);
      case COMPLETED, CANCELLED, FAILED -> Optional.empty();
    };
  }
}
