package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Rules;
import dev.godwit.simulation.world.Coverage;
import dev.godwit.simulation.world.History;

/** Half of the histories that every build lives; a process for each half, on a processor each. */
final class Histories {
  private static final long FIRST = Long.getLong("godwit.simulation.from", 1);
  private static final long HALF = Long.getLong("godwit.simulation.seeds", 5_000) / 2;

  private Histories() {}

  /** Lives a half, and tells which faults were felt in which phases. */
  static Coverage endWell(int half) {
    Seeds seeds = new Seeds(Rules.PRODUCTION);
    seeds.live(FIRST + half * HALF, HALF, lived -> {});
    System.out.printf(
        "%,d histories from seed %,d, %,d held for an operator%n",
        seeds.lived(), FIRST + half * HALF, seeds.held());
    System.out.println(seeds.coverage().table());
    assertThat(seeds.wrong()).extracting(Histories::story).isEmpty();
    return seeds.coverage();
  }

  private static String story(History.Outcome wrong) {
    return "seed %d, %s, %s:%n%s"
        .formatted(
            wrong.scenario().seed(),
            wrong.broken(),
            wrong.scenario(),
            String.join("\n", wrong.brief()));
  }
}
