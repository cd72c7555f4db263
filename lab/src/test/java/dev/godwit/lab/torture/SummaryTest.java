package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.torture.CaseReport.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a run is taken for good. */
final class SummaryTest {
  private static List<CaseReport> reports(Way way, Stream<Verdict> verdicts) {
    Case it = new Case(Storage.SHARED, way, Victim.SERVER, Harm.KILL, new Moment.Entry("COMMIT"));
    return verdicts
        .map(verdict ->
            CaseReport.of(it, Mode.PLAIN, new CaseReport.Finding(verdict), CaseReport.Figures.NONE))
        .toList();
  }

  private static Breaks broken(int hung, Verdict... others) {
    return Breaks.of(
        reports(
            Way.BROKEN_POST_COPY,
            Stream.concat(Collections.nCopies(hung, Verdict.HELD).stream(), Stream.of(others))));
  }

  private static boolean well(Breaks breaks, Verdict... verdicts) {
    return new Summary(
            new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22"),
            Tally.of(reports(Way.SUCCESS, Stream.of(verdicts))),
            breaks)
        .well();
  }

  private static boolean well(Verdict... verdicts) {
    return well(broken(0), verdicts);
  }

  @Test
  void a_case_that_was_never_struck_or_was_late_spoils_a_run_as_one_that_ended_wrong_does() {
    assertThat(well(Verdict.WELL, Verdict.HELD)).isTrue();
    assertThat(well(Verdict.WELL, Verdict.WRONG)).isFalse();
    assertThat(well(Verdict.WELL, Verdict.MISSED)).isFalse();
    assertThat(well(Verdict.WELL, Verdict.SLOW)).isFalse();
  }

  @Test
  void a_run_in_which_none_of_many_broken_post_copies_was_recovered_is_not_good() {
    assertThat(well(broken(Breaks.ENOUGH), Verdict.WELL)).isFalse();
    assertThat(well(broken(Breaks.ENOUGH, Verdict.WELL), Verdict.WELL)).isTrue();
    assertThat(well(broken(Breaks.ENOUGH, Verdict.SLOW), Verdict.WELL)).isTrue();
    assertThat(well(broken(Breaks.ENOUGH, Verdict.MISSED, Verdict.WRONG), Verdict.WELL)).isFalse();
    // That may be chance, where about one in four does not hang.
    assertThat(well(broken(Breaks.ENOUGH - 1), Verdict.WELL)).isTrue();
  }

  @Test
  void only_a_post_copy_that_broke_counts_as_one() {
    assertThat(broken(2, Verdict.WELL, Verdict.MISSED)).isEqualTo(new Breaks(3, 1));
    assertThat(Breaks.of(reports(Way.POST_COPY, Stream.of(Verdict.HELD, Verdict.WELL))))
        .isEqualTo(new Breaks(0, 0));
  }

  @Test
  void a_hang_is_tried_again_only_as_long_as_no_recovery_was_seen() {
    CaseReport hung = reports(Way.BROKEN_POST_COPY, Stream.of(Verdict.HELD)).getFirst();
    assertThat(broken(3).wants(hung)).isTrue();
    assertThat(broken(3, Verdict.WELL).wants(hung)).isFalse();
    assertThat(broken(3).wants(reports(Way.POST_COPY, Stream.of(Verdict.HELD)).getFirst()))
        .isFalse();
    assertThat(broken(3).wants(reports(Way.BROKEN_POST_COPY, Stream.of(Verdict.WRONG)).getFirst()))
        .isFalse();
  }
}
