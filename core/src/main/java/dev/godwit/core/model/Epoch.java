package dev.godwit.core.model;

import static dev.godwit.core.Check.argument;

/** Fencing number of a lease: grows at each takeover; an agent refuses orders of an older one. */
public record Epoch(long value) implements Comparable<Epoch> {
  public Epoch {
    argument(value >= 0, "epoch: expected a number of at least 0, found %s", value);
  }

  /** The epoch of the next owner. */
  public Epoch next() {
    return new Epoch(value + 1);
  }

  @Override
  public int compareTo(Epoch other) {
    return Long.compare(value, other.value);
  }
}
