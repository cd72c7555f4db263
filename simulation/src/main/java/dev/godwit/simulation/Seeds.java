package dev.godwit.simulation;

import dev.godwit.core.migration.Rules;
import dev.godwit.simulation.world.Coverage;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.Shrink;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Lives the histories of many seeds, one after the other. */
public final class Seeds {
  private static final int MOST_WRONG = 5;

  private final Rules rules;
  private final Coverage coverage = new Coverage();
  private final List<History.Outcome> wrong = new ArrayList<>();
  private long lived;
  private long held;

  /** Lives by these, which may be broken. */
  public Seeds(Rules rules) {
    this.rules = rules;
  }

  /** The history of one seed. */
  public static History.Outcome live(long seed, Rules rules) {
    return History.of(Scenario.of(seed, new SplittableRandom(seed)), rules);
  }

  /**
   * Lives so many from that one on; ends early when several ended wrong.
   *
   * @param told after each, how many were lived
   */
  public void live(long from, long count, LongConsumer told) {
    for (long seed = from; seed < from + count && wrong.size() < MOST_WRONG; seed++) {
      History.Outcome outcome = live(seed, rules);
      lived++;
      held += outcome.held() ? 1 : 0;
      coverage.add(outcome);
      if (outcome.wrong()) {
        wrong.add(new Shrink(rules).of(outcome));
      }
      told.accept(lived);
    }
  }

  public long lived() {
    return lived;
  }

  /** Those that wait for an operator, as documented. */
  public long held() {
    return held;
  }

  /** Those that broke a promise, made as small as they go. */
  public List<History.Outcome> wrong() {
    return List.copyOf(wrong);
  }

  public Coverage coverage() {
    return coverage;
  }
}
