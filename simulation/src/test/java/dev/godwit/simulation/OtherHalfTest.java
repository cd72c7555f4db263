package dev.godwit.simulation;

import dev.godwit.simulation.world.Coverage;
import org.junit.jupiter.api.Test;

/** The histories that {@link SimulationTest} leaves. */
class OtherHalfTest {
  @Test
  void every_history_ends_well() {
    Coverage _ = Histories.endWell(1);
  }
}
