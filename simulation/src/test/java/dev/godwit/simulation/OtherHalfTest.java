package dev.godwit.simulation;

import org.junit.jupiter.api.Test;

/** The histories that {@link SimulationTest} leaves. */
class OtherHalfTest {
  @Test
  void every_history_ends_well_and_every_fault_strikes_in_every_phase() {
    Histories.endWell(1);
  }
}
