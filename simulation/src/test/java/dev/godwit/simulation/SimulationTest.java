package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.world.Coverage;
import dev.godwit.simulation.world.History;
import org.junit.jupiter.api.Test;

/** More, and others, with {@code ./godwit simulate}. */
class SimulationTest {
  private static final long FIRST = Long.getLong("godwit.simulation.from", 1);
  private static final long COUNT = Long.getLong("godwit.simulation.seeds", 2_500);

  @Test
  void every_history_ends_well_and_every_fault_strikes_in_every_phase() {
    Seeds seeds = new Seeds();
    seeds.live(FIRST, COUNT, lived -> {});
    System.out.printf("%,d histories, %,d held for an operator%n", seeds.lived(), seeds.held());
    System.out.println(seeds.coverage().table());
    assertThat(seeds.wrong()).extracting(SimulationTest::story).isEmpty();
    assertThat(seeds.coverage().missing()).isEmpty();
  }

  private static String story(History.Outcome wrong) {
    return "seed %d, %s:%n%s"
        .formatted(wrong.scenario().seed(), wrong.broken(), String.join("\n", wrong.story()));
  }

  @Test
  void one_seed_is_one_history() {
    for (long seed = FIRST; seed < FIRST + 20; seed++) {
      assertThat(Seeds.live(seed).story()).isEqualTo(Seeds.live(seed).story());
    }
  }

  @Test
  void what_never_met_is_told() {
    assertThat(new Coverage().missing()).isNotEmpty();
  }
}
