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

/** libvirt runs the source on after the commit, unseen, and then the record's own copy is lost. */
class KeptCopyTest {
  private static Fault fault(String line, int number, What what, Where where, int seconds) {
    return new Fault(
        new When.Line(line, number, Duration.ZERO), what, where, Duration.ofSeconds(seconds));
  }

  private static Scenario split(What loss) {
    return new Scenario(
        2,
        1,
        Optional.of(HandOver.FAST),
        false,
        List.of(Scenario.GuestKind.COPIED_DISK, Scenario.GuestKind.NO_DISK),
        List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)),
        List.of(
            fault("event RESUMED_MIGRATED", 1, What.LINK_BETWEEN_HOSTS_CUT, Where.DESTINATION, 45),
            fault("COMMIT to SETTLING", 1, What.AGENT_KILLED, Where.SOURCE, 40),
            fault("libvirt has split the guest", 1, loss, Where.DESTINATION, 5)));
  }

  @ParameterizedTest
  @EnumSource(names = {"QEMU_KILLED", "GUEST_SHUTS_DOWN", "HOST_DIES"})
  void what_may_be_the_last_copy_is_kept_until_it_is_ruled_home_and_then_the_record_follows_it(
      What loss) {
    History.Outcome outcome = History.of(split(loss));

    assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
    assertThat(outcome.held()).as("%s", String.join("\n", outcome.brief())).isTrue();
    assertThat(outcome.story())
        .anyMatch(line -> line.contains("is kept as it is"))
        .anyMatch(line -> line.contains("RULED_BACK"));
  }
}
