package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a case shows that ended well. */
final class JudgeTest {
  private static final CaseReport.Finding WELL = new CaseReport.Finding(CaseReport.Verdict.WELL);

  private static final Optional<Untouched.Blow> BLOW =
      Optional.of(new Untouched.Blow(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH));

  private static Trial.Course course(boolean onTime, String... transitions) {
    return course(BLOW, onTime, transitions);
  }

  private static Trial.Course course(
      Optional<Untouched.Blow> blow, boolean onTime, String... transitions) {
    List<Journal.Entry> entries =
        Stream.of(transitions)
            .map(each -> new Journal.Entry(Instant.EPOCH, each, Optional.empty(), ""))
            .toList();
    return new Trial.Course(
        entries, Optional.empty(), blow, "COMMIT", onTime, Optional.empty(), Optional.empty());
  }

  private static CaseReport.Verdict verdict(Way way, Victim victim, Trial.Course course) {
    Case it = new Case(Storage.SHARED, way, victim, Harm.KILL, new Moment.Entry("COMMIT"));
    return Judge.atItsMoment(it, course, WELL).verdict();
  }

  @Test
  void a_case_that_was_struck_at_another_moment_shows_nothing() {
    assertThat(verdict(Way.SUCCESS, Victim.SERVER, course(true)))
        .isEqualTo(CaseReport.Verdict.WELL);
    assertThat(verdict(Way.SUCCESS, Victim.SERVER, course(false)))
        .isEqualTo(CaseReport.Verdict.MISSED);
    assertThat(verdict(Way.SUCCESS, Victim.NOBODY, course(false)))
        .isEqualTo(CaseReport.Verdict.WELL);
  }

  @Test
  void a_case_whose_victim_was_not_there_any_more_shows_nothing() {
    assertThat(verdict(Way.SPLIT, Victim.DESTINATION_LIBVIRTD, course(Optional.empty(), true)))
        .isEqualTo(CaseReport.Verdict.MISSED);
  }

  @Test
  void a_post_copy_that_was_to_break_and_did_not_shows_no_recovery() {
    for (Victim victim : List.of(Victim.NOBODY, Victim.SERVER)) {
      assertThat(verdict(Way.BROKEN_POST_COPY, victim, course(true, "COMMIT", "COMPLETE")))
          .isEqualTo(CaseReport.Verdict.MISSED);
      assertThat(
              verdict(
                  Way.BROKEN_POST_COPY,
                  victim,
                  course(true, "COMMIT", "POST_COPY_BROKE", "COMPLETE")))
          .isEqualTo(CaseReport.Verdict.WELL);
    }
  }
}
