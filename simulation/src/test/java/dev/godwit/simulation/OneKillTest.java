package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.PhaseName;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.Scenario.GuestKind;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One process is killed (-9) and begins again a second later, and nothing else goes wrong: the move
 * ends by itself. The clock is the world's, and counts from the moment in which the process begins.
 */
class OneKillTest {
  private static final Duration PROMISED = Duration.ofSeconds(5);
  private static final int MOST_OF_THEM = 60;
  private static final Duration GONE = Duration.ofSeconds(1);

  /** Those whose copy takes as long in each history; a busy one is as long as its luck. */
  private static final List<GuestKind> EVEN =
      List.of(GuestKind.SHARED_DISK, GuestKind.COPIED_DISK, GuestKind.NO_DISK);

  private static final List<String> MOMENTS =
      List.of(
          "WISH MIGRATE",
          "to PLANNED",
          "to PREPARING DESTINATION_DIRECTORIES",
          "to PREPARING DESTINATION_DISKS",
          "to TRANSFERRING",
          "event STARTED_MIGRATED",
          "event SUSPENDED_MIGRATED",
          "event RESUMED_MIGRATED",
          "event STOPPED_MIGRATED",
          "to SETTLING SOURCE_FENCED",
          "to SETTLING DESTINATION_RUNNING",
          "to SETTLING SOURCE_DEFINITION",
          "to SETTLING SOURCE_FILES");

  private static Scenario move(long seed, GuestKind guest, List<Fault> faults) {
    return new Scenario(
        seed,
        1,
        Optional.empty(),
        false,
        List.of(guest),
        List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)),
        faults);
  }

  /** What the move itself needs: that long it took when nothing went wrong. */
  private static Duration needed(long seed, GuestKind guest) {
    History.Times undisturbed = History.of(move(seed, guest, List.of())).times();
    return undisturbed.over().minus(undisturbed.wished());
  }

  /**
   * What happens to Godwit's own processes costs a move nothing. A daemon that is gone in the copy,
   * or when the destination is prepared, ends that, and with it the move, and so does a copy that
   * fails by itself, where no other follows; but what is committed goes only forward. A server that
   * dies before it answers may not have taken the wish in.
   */
  private static List<List<PhaseName>> ends(Where where, History.Outcome outcome) {
    boolean ended =
        goneInIt(where, outcome)
            || last(outcome, "fails by itself") > last(outcome, "event STARTED_MIGRATED");
    PhaseName end = ended && !told(outcome, ": COMMIT to") ? PhaseName.FAILED : PhaseName.COMPLETED;
    return told(outcome, "answered 202") ? List.of(List.of(end)) : List.of(List.of(end), List.of());
  }

  /** A daemon was, in what the move then goes back for. */
  private static boolean goneInIt(Where where, History.Outcome outcome) {
    boolean copied = told(outcome, "to TRANSFERRING");
    int began = last(outcome, copied ? "to TRANSFERRING" : "to PREPARING");
    return (copied || where == Where.DESTINATION)
        && last(outcome, "FAULT LIBVIRTD_KILLED") < last(outcome, "_FAILED to ROLLING_BACK")
        && began < last(outcome, "mended: LIBVIRTD_KILLED");
  }

  private static boolean told(History.Outcome outcome, String words) {
    return last(outcome, words) >= 0;
  }

  /** The last line with these words; below all lines where there is none. */
  private static int last(History.Outcome outcome, String words) {
    int line = outcome.story().size() - 1;
    while (line >= 0 && !outcome.story().get(line).contains(words)) {
      line--;
    }
    return line;
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER_KILLED", "AGENT_KILLED", "LIBVIRTD_KILLED"})
  void a_move_is_over_five_seconds_and_its_own_time_after_the_process_began_again(What kill) {
    long seed = 1;
    int struck = 0;
    for (GuestKind guest : EVEN) {
      Duration needed = needed(seed, guest);
      for (String moment : MOMENTS) {
        for (Where where : Where.values()) {
          Fault fault = new Fault(new When.Line(moment, 1, Duration.ZERO), kill, where, GONE);
          History.Outcome outcome = History.of(move(seed++, guest, List.of(fault)));

          assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
          assertThat(outcome.phases())
              .as("%s%n%s", outcome.scenario(), String.join("\n", outcome.brief()))
              .isIn(ends(where, outcome));
          struck += outcome.times().mended().isPositive() ? 1 : 0;
          assertThat(outcome.times().over().minus(outcome.times().mended()))
              .as("%s%n%s", outcome.scenario(), String.join("\n", outcome.brief()))
              .isLessThan(PROMISED.plus(needed));
        }
      }
    }
    // Not every guest comes to every moment.
    assertThat(struck).isGreaterThan(MOST_OF_THEM);
  }
}
