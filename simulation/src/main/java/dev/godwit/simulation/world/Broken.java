package dev.godwit.simulation.world;

/**
 * A promise that was broken.
 *
 * @param how for people; of {@link When#AT_REST} with what was found, which is another thing in
 *     each history
 */
public record Broken(When when, String how) {
  /** Where a history stood when that was seen. */
  public enum When {
    /** Before anything was wished for. */
    AT_THE_BEGINNING,
    /** In the step that broke it: the same words are the same promise. */
    MEANWHILE,
    /** It does not come to rest. */
    NEVER_ENDING,
    AT_REST
  }

  /** The same kind of wrong end. */
  boolean sameAs(Broken other) {
    return when == other.when && (when == When.AT_REST || how.equals(other.how));
  }

  @Override
  public String toString() {
    return how;
  }
}
