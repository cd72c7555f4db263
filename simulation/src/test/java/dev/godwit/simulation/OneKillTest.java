package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.model.HandOver;
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
import java.util.stream.Stream;
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
  private static final Duration LONGEST_POST_COPY = Duration.ofSeconds(5);

  /** Those whose copy takes as long in each history; a busy one is as long as its luck. */
  private static final List<GuestKind> EVEN =
      List.of(GuestKind.SHARED_DISK, GuestKind.COPIED_DISK, GuestKind.NO_DISK);

  /** Every copy goes on then. */
  private static final Duration MIDWAY = Duration.ofMillis(300);

  private static final Course LEFT_ALONE =
      new Course(
          Optional.empty(),
          EVEN,
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
              "to SETTLING SOURCE_FILES"));

  private static final Course ABORTED =
      new Course(
          Optional.of(Wish.What.ABORT),
          List.of(GuestKind.COPIED_DISK),
          List.of(
              "WISH ABORT",
              "event STOPPED_FAILED",
              "to ROLLING_BACK DESTINATION_DOMAIN",
              "to ROLLING_BACK DESTINATION_FILES",
              "to ROLLING_BACK SOURCE_RESTORED"));

  private static final Course IN_POST_COPY =
      new Course(
          Optional.of(Wish.What.FORCE_COMPLETE),
          List.of(GuestKind.COPIED_DISK),
          List.of(
              "WISH FORCE_COMPLETE",
              "event SUSPENDED_POSTCOPY",
              "event RESUMED_POSTCOPY",
              "to SETTLING SOURCE_FENCED",
              "event STOPPED_MIGRATED"));

  /**
   * A move as somebody wants it.
   *
   * @param midway what else they wish, in the midst of the copy
   * @param moments the lines of its story at which something is killed
   */
  private record Course(Optional<Wish.What> midway, List<GuestKind> guests, List<String> moments) {
    Scenario of(long seed, GuestKind guest, List<Fault> faults) {
      return new Scenario(
          seed,
          1,
          postCopy() ? Optional.of(HandOver.FAST) : Optional.empty(),
          postCopy(),
          List.of(guest),
          Stream.concat(
                  Stream.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)),
                  midway.stream().map(it -> new Wish(MIDWAY, it, 0)))
              .toList(),
          faults);
    }

    private boolean postCopy() {
      return midway.equals(Optional.of(Wish.What.FORCE_COMPLETE));
    }

    /** What it needs by itself, also where its wish dies with the server that it was told. */
    Duration needs(GuestKind guest) {
      Duration alone = undisturbed(LEFT_ALONE.of(1, guest, List.of()));
      return postCopy() ? alone.plus(LONGEST_POST_COPY) : alone;
    }

    int kills() {
      return guests.size() * moments.size() * Where.values().length;
    }
  }

  private static Duration undisturbed(Scenario move) {
    History.Times times = History.of(move).times();
    return times.over().minus(times.wished());
  }

  /**
   * What happens to Godwit's own processes costs a move nothing. A daemon that is gone in the copy,
   * or when the destination is prepared, ends that, and with it the move, and so does a copy that
   * fails by itself, where no other follows; but what is committed goes only forward. An abort that
   * was taken in before the commit cancels it. A server that dies before it answers may not have
   * taken the wish in.
   */
  private static List<List<PhaseName>> ends(Course course, Where where, History.Outcome outcome) {
    long taken = outcome.story().stream().filter(line -> line.contains("answered 202")).count();
    if (told(outcome, ": COMMIT to")) {
      return List.of(List.of(PhaseName.COMPLETED));
    }
    if (course.equals(ABORTED) && taken == 2) {
      return List.of(List.of(PhaseName.CANCELLED));
    }
    boolean ended =
        goneInIt(where, outcome)
            || last(outcome, "fails by itself") > last(outcome, "event STARTED_MIGRATED");
    PhaseName end = ended ? PhaseName.FAILED : PhaseName.COMPLETED;
    return taken > 0 ? List.of(List.of(end)) : List.of(List.of(end), List.of());
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
    // Not every guest comes to every moment.
    assertThat(overInTime(LEFT_ALONE, kill)).isGreaterThan(MOST_OF_THEM);
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER_KILLED", "AGENT_KILLED", "LIBVIRTD_KILLED"})
  void so_is_one_that_is_aborted_midway(What kill) {
    assertThat(overInTime(ABORTED, kill)).isEqualTo(ABORTED.kills());
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER_KILLED", "AGENT_KILLED", "LIBVIRTD_KILLED"})
  void so_is_one_that_is_forced_into_post_copy(What kill) {
    assertThat(overInTime(IN_POST_COPY, kill)).isEqualTo(IN_POST_COPY.kills());
  }

  /** How many of them were struck. */
  private static int overInTime(Course course, What kill) {
    long seed = 1;
    int struck = 0;
    for (GuestKind guest : course.guests) {
      Duration needed = course.needs(guest);
      for (String moment : course.moments) {
        for (Where where : Where.values()) {
          Fault fault = new Fault(new When.Line(moment, 1, Duration.ZERO), kill, where, GONE);
          History.Outcome outcome = History.of(course.of(seed++, guest, List.of(fault)));

          assertThat(outcome.broken()).as("%s", String.join("\n", outcome.brief())).isEmpty();
          assertThat(outcome.phases())
              .as("%s%n%s", outcome.scenario(), String.join("\n", outcome.brief()))
              .isIn(ends(course, where, outcome));
          struck += outcome.times().mended().isPositive() ? 1 : 0;
          assertThat(outcome.times().over().minus(outcome.times().mended()))
              .as("%s%n%s", outcome.scenario(), String.join("\n", outcome.brief()))
              .isLessThan(PROMISED.plus(needed));
        }
      }
    }
    return struck;
  }
}
