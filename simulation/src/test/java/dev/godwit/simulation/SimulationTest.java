package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Rules;
import dev.godwit.simulation.world.Coverage;
import org.junit.jupiter.api.Test;

/** More, and others, with {@code ./godwit simulate}. */
class SimulationTest {
  @Test
  void every_history_ends_well_and_every_fault_is_felt_in_every_phase_on_each_side() {
    assertThat(Histories.endWell(0).missing()).isEmpty();
  }

  @Test
  void one_seed_is_one_history() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(Seeds.live(seed, Rules.PRODUCTION).story())
          .isEqualTo(Seeds.live(seed, Rules.PRODUCTION).story());
    }
  }

  @Test
  void what_never_met_is_told() {
    assertThat(new Coverage().missing()).isNotEmpty();
  }
}
