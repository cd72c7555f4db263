package dev.godwit.core.migration;

/**
 * What the operator asked for meanwhile; desired states, not commands.
 *
 * @param abort go back, if that is still possible
 * @param forceComplete end the copy now: post-copy when permitted, else by pausing the guest
 */
public record Wishes(boolean abort, boolean forceComplete) {
  /** Nothing asked. */
  public static final Wishes NONE = new Wishes(false, false);
}
