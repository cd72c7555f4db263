package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.Stage;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Post-copies that are struck as soon as the guest runs at the destination. */
class PostCopyTest {
  private static final int HISTORIES = 8;
  private static final Duration LONGER_THAN_LIBVIRTS_PATIENCE = Duration.ofSeconds(45);

  private static Fault asItRuns(What what, Where where, Duration lasts) {
    return new Fault(
        new When.Line("event RESUMED_POSTCOPY", 1, Duration.ofMillis(20)), what, where, lasts);
  }

  private static Scenario struck(long seed, Fault... faults) {
    return new Scenario(
        seed,
        1,
        Optional.of(HandOver.FAST),
        true,
        List.of(Scenario.GuestKind.BUSY_COPIED_DISK),
        List.of(
            new Wish(Duration.ZERO, Wish.What.MIGRATE, 0),
            new Wish(Duration.ofSeconds(1), Wish.What.FORCE_COMPLETE, 0)),
        List.of(faults));
  }

  private static History.Outcome endsWell(Scenario scenario) {
    History.Outcome outcome = History.of(scenario);
    assertThat(outcome.broken()).as(String.join("\n", outcome.story())).isEmpty();
    return outcome;
  }

  private static String story(History.Outcome outcome) {
    return String.join("\n", outcome.story());
  }

  @Test
  void one_that_is_left_alone_completes() {
    for (long seed = 1; seed <= HISTORIES; seed++) {
      History.Outcome outcome = endsWell(struck(seed));

      assertThat(story(outcome)).contains("RESUMED_POSTCOPY", "COMPLETE to COMPLETED");
      assertThat(outcome.held()).isFalse();
    }
  }

  @Test
  void one_whose_link_is_cut_is_recovered() {
    int recovered = 0;
    for (long seed = 1; seed <= HISTORIES; seed++) {
      History.Outcome outcome =
          endsWell(
              struck(
                  seed,
                  asItRuns(
                      What.LINK_BETWEEN_HOSTS_CUT, Where.SOURCE, LONGER_THAN_LIBVIRTS_PATIENCE)));

      assertThat(story(outcome)).contains("POST_COPY_BROKE", "COMPLETE to COMPLETED");
      assertThat(outcome.held()).isFalse();
      assertThat(outcome.struck()).extracting(met -> met.stage()).containsExactly(Stage.POST_COPY);
      recovered += story(outcome).split("event SUSPENDED_POSTCOPY of", -1).length > 2 ? 1 : 0;
    }
    // Some streams go on by themselves.
    assertThat(recovered).isPositive();
  }

  @Test
  void one_whose_recovery_is_broken_again_is_recovered_again() {
    Fault first =
        asItRuns(What.LINK_BETWEEN_HOSTS_CUT, Where.SOURCE, LONGER_THAN_LIBVIRTS_PATIENCE);
    Fault second =
        new Fault(
            new When.Line("event RESUMED_POSTCOPY of", 2, Duration.ofMillis(20)),
            What.LINK_BETWEEN_HOSTS_CUT,
            Where.SOURCE,
            LONGER_THAN_LIBVIRTS_PATIENCE);
    for (long seed = 1; seed <= HISTORIES; seed++) {
      assertThat(story(endsWell(struck(seed, first, second)))).contains("COMPLETE to COMPLETED");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AGENT_KILLED", "LIBVIRTD_KILLED", "LIBVIRTD_FROZEN", "SERVER_KILLED"})
  void one_is_recovered_whatever_process_dies_meanwhile(What what) {
    for (Where where : Where.values()) {
      for (long seed = 1; seed <= HISTORIES / 2; seed++) {
        History.Outcome outcome =
            endsWell(
                struck(
                    seed,
                    asItRuns(
                        What.LINK_BETWEEN_HOSTS_CUT, Where.SOURCE, LONGER_THAN_LIBVIRTS_PATIENCE),
                    new Fault(
                        new When.Line("POST_COPY_BROKE", 1, Duration.ofSeconds(10 * seed)),
                        what,
                        where,
                        Duration.ofSeconds(2))));

        assertThat(outcome.held()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_guest_that_a_host_takes_with_it_is_told_as_lost(Where where) {
    for (long seed = 1; seed <= HISTORIES; seed++) {
      History.Outcome outcome =
          endsWell(struck(seed, asItRuns(What.HOST_DIES, where, Duration.ofSeconds(5))));

      assertThat(story(outcome)).contains("why=the guest is lost in post-copy");
      assertThat(outcome.held()).isTrue();
    }
  }
}
