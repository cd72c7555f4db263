package dev.godwit.simulation.world;

import dev.godwit.core.migration.Rules;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a history that ends wrong smaller, as long as it ends in the same way. */
public final class Shrink {
  private static final int MOST_TRIES = 60;

  private final Rules rules;
  private int tries;

  /**
   * One that lives histories again.
   *
   * @param rules by which the wrong one was lived
   */
  public Shrink(Rules rules) {
    this.rules = rules;
  }

  /** The smallest that was found; the same when nothing can be left out. */
  public History.Outcome of(History.Outcome wrong) {
    History.Outcome smallest = wrong;
    Optional<History.Outcome> next = smaller(smallest);
    while (next.isPresent()) {
      smallest = next.get();
      next = smaller(smallest);
    }
    return smallest;
  }

  private Optional<History.Outcome> smaller(History.Outcome wrong) {
    Scenario scenario = wrong.scenario();
    return Stream.concat(
            scenario.faults().stream().map(scenario::without),
            scenario.wishes().stream().map(scenario::without))
        .filter(_ -> tries++ < MOST_TRIES)
        .map(fewer -> History.of(fewer, rules))
        .filter(outcome -> outcome.endsLike(wrong))
        .findFirst();
  }
}
