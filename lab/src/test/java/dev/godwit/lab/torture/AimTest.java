package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.torture.CaseReport.Finding;
import dev.godwit.lab.torture.CaseReport.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a strike counts as one at its moment. */
final class AimTest {
  private static final Moment RESUMED = new Moment.Resumed();

  private static Journal.Entry entry(String word) {
    String[] parts = word.split(":");
    return new Journal.Entry(
        Instant.EPOCH, parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty(), "");
  }

  private static boolean on(Moment moment, Mode mode, String... words) {
    return new Aim(moment, mode).on(Arrays.stream(words).map(AimTest::entry).toList());
  }

  private static boolean on(Moment moment, String... words) {
    return on(moment, Mode.PLAIN, words);
  }

  @Test
  void a_strike_after_the_next_entry_is_not_one_at_this_entry() {
    Moment plan = new Moment.Entry("PLAN");
    assertThat(on(plan, "PLAN")).isTrue();
    assertThat(on(plan, "PLAN", "PREPARE:DESTINATION_DIRECTORIES")).isFalse();
    assertThat(on(plan)).isFalse();
    Moment definition = new Moment.Entry("SETTLE_NEXT", "SOURCE_DEFINITION");
    assertThat(on(definition, "COMMIT:SOURCE_FENCED", "SETTLE_NEXT:SOURCE_DEFINITION")).isTrue();
    assertThat(on(definition, "SETTLE_NEXT:SOURCE_DEFINITION", "SETTLE_NEXT:SOURCE_FILES"))
        .isFalse();
    assertThat(on(new Moment.Entry("COMMIT"), "COMMIT:SOURCE_FENCED")).isTrue();
  }

  @Test
  void a_copy_that_is_over_when_the_strike_falls_was_not_struck_in_its_midst() {
    for (Moment moment :
        List.of(
            new Moment.Copying(2, 4), new Moment.Incoming(Duration.ZERO), new Moment.Turned())) {
      assertThat(on(moment, "TRANSFER")).isTrue();
      assertThat(on(moment, "TRANSFER", "COMMIT:SOURCE_FENCED")).isFalse();
    }
  }

  @Test
  void an_arrival_is_struck_before_its_commit_and_in_a_strict_hand_over_when_it_is_resumed() {
    assertThat(on(RESUMED, Mode.PLAIN, "TRANSFER")).isTrue();
    assertThat(on(RESUMED, Mode.LOCKD, "TRANSFER", "COMMIT:SOURCE_FENCED")).isFalse();
    assertThat(on(RESUMED, Mode.STRICT, "TRANSFER")).isFalse();
    assertThat(on(RESUMED, Mode.STRICT, "COMMIT:SOURCE_FENCED", "SETTLE_NEXT:DESTINATION_RUNNING"))
        .isTrue();
    assertThat(on(RESUMED, Mode.STRICT, "SETTLE_NEXT:SOURCE_FILES")).isFalse();
  }

  private static final Untouched.Blow BLOW =
      new Untouched.Blow(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);

  private static Verdict counted(Verdict found, String struckAt, boolean onTime) {
    Case it =
        new Case(Storage.SHARED, Way.SUCCESS, Victim.SERVER, Harm.KILL, new Moment.Entry("PLAN"));
    Trial.Course course =
        new Trial.Course(
            List.of(),
            Optional.empty(),
            struckAt.isEmpty() ? Optional.empty() : Optional.of(BLOW),
            struckAt,
            onTime,
            Optional.empty(),
            Optional.empty());
    return Judge.atItsMoment(it, course, new Finding(found)).verdict();
  }

  @Test
  void a_case_that_was_struck_at_another_moment_is_missed_however_well_it_ended() {
    assertThat(counted(Verdict.WELL, "PLAN", true)).isEqualTo(Verdict.WELL);
    assertThat(counted(Verdict.WELL, "TRANSFER", false)).isEqualTo(Verdict.MISSED);
    assertThat(counted(Verdict.HELD, "TRANSFER", false)).isEqualTo(Verdict.MISSED);
    assertThat(counted(Verdict.WELL, "", false)).isEqualTo(Verdict.MISSED);
  }
}
