package dev.godwit.simulation.world;

import java.time.Duration;

/** What somebody asks the API for, and when. */
public record Wish(Duration at, What what, int guest) {
  /** Kinds of wishes. */
  public enum What {
    MIGRATE,
    ABORT,
    FORCE_COMPLETE,
    DELETE,
    PAUSE,
    UNPAUSE,
    STOP,
    START,
    DISABLE_DESTINATION,
    /** The guest's host is disabled, and every guest on it is moved away. */
    DRAIN
  }
}
