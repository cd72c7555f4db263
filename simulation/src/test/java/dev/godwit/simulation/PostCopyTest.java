package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Coverage;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.Stage;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Post-copies that are struck as soon as the guest runs at the destination. */
class PostCopyTest {
  private static final int HISTORIES = 8;
  private static final String HANGS = "its QEMU hangs on memory that it lacks";
  private static final Duration LONGER_THAN_LIBVIRTS_PATIENCE = Duration.ofSeconds(45);

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

  /**
   * Histories that all end well, of seeds in which the guest came to run at the destination: now
   * and then libvirt fails just before that, or QEMU hangs, and what follows is another story.
   */
  private static List<History.Outcome> histories(int count, Fault... faults) {
    return histories(
        count,
        3,
        story -> story.contains("event RESUMED_POSTCOPY of") && !story.contains(HANGS),
        faults);
  }

  /** Those of which that is true, at least one in so many. */
  private static List<History.Outcome> histories(
      int count, int oneIn, Predicate<String> of, Fault... faults) {
    List<History.Outcome> found = new ArrayList<>();
    for (long seed = 1; found.size() < count; seed++) {
      assertThat(seed).as("seeds of such histories").isLessThanOrEqualTo((long) oneIn * count);
      History.Outcome outcome = History.of(struck(seed, faults));
      assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
      if (of.test(story(outcome))) {
        found.add(outcome);
      }
    }
    return found;
  }

  private static String story(History.Outcome outcome) {
    return String.join("\n", outcome.story());
  }

  private static Fault linkCut(int number) {
    return new Fault(
        new When.Line("event RESUMED_POSTCOPY of", number, Duration.ofMillis(20)),
        What.LINK_BETWEEN_HOSTS_CUT,
        Where.SOURCE,
        LONGER_THAN_LIBVIRTS_PATIENCE);
  }

  private static boolean resumed(History.Outcome outcome) {
    return story(outcome).split("event SUSPENDED_POSTCOPY of", -1).length > 2;
  }

  @Test
  void one_that_is_left_alone_completes() {
    assertThat(histories(HISTORIES))
        .allSatisfy(outcome -> {
          assertThat(story(outcome)).contains("COMPLETE to COMPLETED");
          assertThat(outcome.held()).isFalse();
        });
  }

  @Test
  void one_whose_link_is_cut_is_recovered() {
    List<History.Outcome> cut = histories(HISTORIES, linkCut(1));

    assertThat(cut)
        .allSatisfy(outcome -> {
          assertThat(story(outcome)).contains("POST_COPY_BROKE", "COMPLETE to COMPLETED");
          assertThat(outcome.held()).isFalse();
          assertThat(outcome.struck())
              .extracting(Coverage.Met::stage)
              .containsExactly(Stage.POST_COPY);
        });
    // Some streams go on by themselves.
    assertThat(cut).anyMatch(PostCopyTest::resumed);
  }

  @Test
  void one_whose_recovery_is_broken_again_is_recovered_again() {
    List<History.Outcome> twice = histories(HISTORIES, linkCut(1), linkCut(2));

    assertThat(twice)
        .allSatisfy(outcome -> assertThat(story(outcome)).contains("COMPLETE to COMPLETED"));
    assertThat(twice).anyMatch(outcome -> outcome.struck().size() == 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"AGENT_KILLED", "LIBVIRTD_KILLED", "LIBVIRTD_FROZEN", "SERVER_KILLED"})
  void one_is_recovered_whatever_process_dies_meanwhile(What what) {
    for (Where where : Where.values()) {
      for (int seconds : new int[] {1, 12, 25}) {
        Fault death =
            new Fault(
                new When.Line("POST_COPY_BROKE", 1, Duration.ofSeconds(seconds)),
                what,
                where,
                Duration.ofSeconds(2));

        assertThat(histories(2, linkCut(1), death))
            .allSatisfy(outcome -> {
              assertThat(story(outcome)).contains("COMPLETE to COMPLETED");
              assertThat(outcome.held()).isFalse();
            });
      }
    }
  }

  @Test
  void one_whose_destination_hangs_is_ended_by_an_operator_who_is_told_to() {
    assertThat(histories(2, 30, story -> story.contains(HANGS), linkCut(1)))
        .allSatisfy(outcome -> {
          assertThat(outcome.held()).isTrue();
          assertThat(story(outcome))
              .containsSubsequence(
                  HANGS,
                  "may hang on memory that it lacks, for ever. To go on, end that with",
                  "OPERATOR destroys it on",
                  "was shut down at the destination",
                  "before post-copy was over",
                  "OPERATOR destroys it on h1",
                  "COMPLETE to COMPLETED");
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_guest_that_a_host_takes_with_it_is_told_as_lost(Where where) {
    Fault death =
        new Fault(
            new When.Line("event RESUMED_POSTCOPY of", 1, Duration.ofMillis(20)),
            What.HOST_DIES,
            where,
            Duration.ofSeconds(5));

    assertThat(histories(HISTORIES, death))
        .allSatisfy(outcome -> {
          assertThat(story(outcome)).contains("the guest is lost in post-copy");
          assertThat(outcome.held()).isTrue();
        });
  }
}
