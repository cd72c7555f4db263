package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source that cannot be resumed when Finish's answer is lost, for its guest runs elsewhere. */
class RefusedResumeTest {
  private static History.Outcome daemonDiesOnceItRuns(long seed, Scenario.GuestKind guest) {
    return History.of(
        new Scenario(
            seed,
            1,
            Optional.of(HandOver.FAST),
            false,
            List.of(guest),
            List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)),
            List.of(
                new Fault(
                    new When.Line("event RESUMED_MIGRATED", 1, Duration.ZERO),
                    Fault.What.LIBVIRTD_KILLED,
                    Fault.Where.DESTINATION,
                    Duration.ofSeconds(4)))));
  }

  /** Seeds of histories with the lock manager: of an old libvirt, and of one since 9.2. */
  @ParameterizedTest
  @CsvSource({"3, COPIED_DISK", "3, SHARED_DISK", "12, COPIED_DISK", "12, SHARED_DISK"})
  void a_guest_with_leases_is_not_split_by_libvirt_and_its_move_ends(
      long seed, Scenario.GuestKind guest) {
    History.Outcome outcome = daemonDiesOnceItRuns(seed, guest);

    assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
    assertThat(outcome.held()).isFalse();
    assertThat(outcome.story())
        .anyMatch(line -> line.contains("with its lock manager"))
        .anyMatch(line -> line.contains("to COMPLETED"))
        .noneMatch(line -> line.contains("libvirt has split the guest"));
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "11, true", "12, true"})
  void libvirt_tells_of_it_since_9_2(long seed, boolean told) {
    History.Outcome outcome = daemonDiesOnceItRuns(seed, Scenario.GuestKind.SHARED_DISK);

    assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
    assertThat(outcome.story().stream().anyMatch(it -> it.contains("SUSPENDED_API_ERROR")))
        .as("%s", String.join("\n", outcome.brief()))
        .isEqualTo(told);
  }
}
