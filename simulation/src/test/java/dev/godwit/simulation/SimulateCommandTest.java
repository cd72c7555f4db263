package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
  /** Going back is believed to be done, and nobody is told to do it. */
  private static final Rules LEAVES_EVERYTHING =
      new Rules() {
        @Override
        public Decision next(Migration migration, Observation seen, Instant now) {
          if (!(migration.phase() instanceof Phase.RollingBack)) {
            return Rules.super.next(migration, seen, now);
          }
          Decision decision =
              Rules.super.next(migration, Observation.of(new StepReply.Done()), now);
          return decision instanceof Decision.Move move
              ? new Decision.Move(move.transition(), move.why(), move.next(), List.of())
              : decision;
        }
      };

  private final AtomicInteger silenced = new AtomicInteger();
  private final StringWriter out = new StringWriter();

  private int simulate(String... options) {
    return simulate(Rules.PRODUCTION, options);
  }

  private int simulate(Rules rules, String... options) {
    return new CommandLine(new SimulateCommand(silenced::incrementAndGet, rules))
        .setOut(new PrintWriter(out))
        .execute(options);
  }

  @Test
  void servers_and_agents_do_not_log() {
    assertThat(simulate("--seeds", "0")).isZero();
    assertThat(silenced).hasValue(1);
  }

  @Test
  void they_do_for_whoever_asks() {
    assertThat(simulate("--seeds", "0", "--log")).isZero();
    assertThat(silenced).hasValue(0);
  }

  @Test
  void the_history_of_a_seed_is_told_from_its_first_wish_to_its_verdict() {
    assertThat(simulate("--seed", "1", "--story")).isZero();

    assertThat(out.toString())
        .containsSubsequence(
            "WISH MIGRATE for guest 0",
            "journal of 1: PLAN to PLANNED",
            "the record: Move[number=1,",
            "seed 1: ended well",
            "Scenario[seed=1,");
  }

  @Test
  void without_its_story_a_seed_has_a_verdict_only() {
    assertThat(simulate("--seed", "1")).isZero();

    assertThat(out.toString()).contains("seed 1: ended well").doesNotContain("journal of 1");
  }

  @Test
  void a_promise_that_is_broken_is_named_and_told_in_short_and_fails_the_command() {
    assertThat(simulate(LEAVES_EVERYTHING, "--seed", "1")).isEqualTo(1);

    assertThat(out.toString())
        .doesNotContain("ended well")
        .containsSubsequence("seed 1: a move is over, and ", "journal of 1: ", "BROKEN: ");
  }

  @Test
  void so_it_is_among_many() {
    assertThat(simulate(LEAVES_EVERYTHING, "--seeds", "1")).isEqualTo(1);

    assertThat(out.toString())
        .containsSubsequence(
            "Faults by the phase",
            "seed 1: a move is over, and ",
            "1 histories from seed 1: 1 wrong");
  }
}
