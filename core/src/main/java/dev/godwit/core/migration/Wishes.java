package dev.godwit.core.migration;

import java.util.Optional;

/**
 * What the operator asked for meanwhile; desired states, not commands.
 *
 * @param abort go back, if that is still possible
 * @param forceComplete end the copy now: post-copy when permitted, else by pausing the guest
 * @param ruling where the guest lives; it counts only where nothing else tells
 */
public record Wishes(boolean abort, boolean forceComplete, Optional<Ruling> ruling) {
  /** Nothing asked. */
  public static final Wishes NONE = new Wishes(false, false);

  public Wishes(boolean abort, boolean forceComplete) {
    this(abort, forceComplete, Optional.empty());
  }
}
