package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.world.Coverage.Met;
import dev.godwit.simulation.world.Fault.Side;
import dev.godwit.simulation.world.Fault.What;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static List<String> missing(Met felt) {
    Coverage coverage = new Coverage();
    coverage.add(
        new History.Outcome(
            Scenario.of(1, new SplittableRandom(1)),
            List.of(),
            List.of(),
            List.of(felt),
            new History.Times(Duration.ZERO, Duration.ZERO, Duration.ZERO),
            List.of(),
            false,
            0));
    return coverage.missing();
  }

  @Test
  void a_fault_that_one_side_felt_in_a_stage_is_missing_there_on_the_other() {
    assertThat(missing(new Met(Stage.SETTLING, What.GUEST_SHUTS_DOWN, Side.DESTINATION)))
        .contains(
            "GUEST_SHUTS_DOWN of SOURCE in SETTLING",
            "GUEST_SHUTS_DOWN of DESTINATION in ROLLING_BACK")
        .doesNotContain("GUEST_SHUTS_DOWN of DESTINATION in SETTLING");
  }

  @Test
  void where_luck_decides_whom_it_hits_one_side_in_a_stage_will_do() {
    assertThat(missing(new Met(Stage.SETTLING, What.CLOCK_JUMPS, Side.SERVER)))
        .contains("CLOCK_JUMPS of SOURCE", "CLOCK_JUMPS in ROLLING_BACK")
        .doesNotContain("CLOCK_JUMPS in SETTLING", "CLOCK_JUMPS of SERVER");
  }

  @Test
  void what_cannot_be_is_not_missing() {
    assertThat(missing(new Met(Stage.SETTLING, What.CLOCK_JUMPS, Side.SERVER)))
        .doesNotContain(
            "GUEST_SHUTS_DOWN of SOURCE in POST_COPY",
            "AGENT_FROZEN of DESTINATION in PLANNING",
            "AGENT_FROZEN of SOURCE in PREPARING");
  }
}
