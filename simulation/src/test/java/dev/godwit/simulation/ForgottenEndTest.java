package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a source ended goes with its libvirtd, and its agent dies before it has noted that. */
class ForgottenEndTest {
  private static final String ARRIVED = "event SUSPENDED_PAUSED";
  private static final String FENCED = "the guest's process is gone: SHUTOFF_DESTROYED";

  private static Fault killed(What what, String line, int secondsAfter, int seconds) {
    return new Fault(
        new When.Line(line, 1, Duration.ofSeconds(secondsAfter)),
        what,
        Where.SOURCE,
        Duration.ofSeconds(seconds));
  }

  /** It is left paused, and nobody heard the end of its call: the fence has to destroy it. */
  private static History.Outcome fenced(Scenario.GuestKind guest) {
    return History.of(
        new Scenario(
            1,
            1,
            Optional.of(HandOver.STRICT),
            false,
            List.of(guest),
            List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)),
            List.of(
                killed(What.LIBVIRTD_KILLED, ARRIVED, 0, 1),
                killed(What.AGENT_KILLED, ARRIVED, 0, 1),
                killed(What.AGENT_KILLED, FENCED, 0, 3),
                killed(What.LIBVIRTD_KILLED, FENCED, 1, 1))));
  }

  @ParameterizedTest
  @EnumSource(names = {"COPIED_DISK", "SHARED_DISK"})
  void a_source_that_was_destroyed_by_its_fence_has_moved_all_the_same(Scenario.GuestKind guest) {
    History.Outcome outcome = fenced(guest);

    assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
    assertThat(outcome.held()).as("%s", String.join("\n", outcome.brief())).isFalse();
    assertThat(outcome.story())
        .anyMatch(line -> line.contains(FENCED))
        .anyMatch(line -> line.contains("to COMPLETED"));
  }
}
