package dev.godwit.server.leftovers;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Trace;

/**
 * A trace that nothing needs.
 *
 * @param verdict what may be done about it
 */
public record Leftover(HostName host, Trace trace, Verdict verdict) {
  /** What the record says of a trace. */
  public sealed interface Verdict {
    /** A living migration's, or its instance's own: no leftover. */
    record Needed() implements Verdict {}

    /** Proven to be what an ended migration left, as far as a record can prove it. */
    record Removable(String why) implements Verdict {}

    /** Nobody may remove it on a guess. */
    record Kept(String why, String remedy) implements Verdict {}
  }
}
