package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a run is taken for good. */
final class SummaryTest {
  private static boolean well(CaseReport.Verdict... verdicts) {
    Case it =
        new Case(Storage.SHARED, Way.SUCCESS, Victim.SERVER, Harm.KILL, new Moment.Entry("COMMIT"));
    List<CaseReport> reports =
        Stream.of(verdicts)
            .map(verdict ->
                CaseReport.of(
                    it, Mode.PLAIN, new CaseReport.Finding(verdict), CaseReport.Figures.NONE))
            .toList();
    return new Summary(new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22"), Tally.of(reports))
        .well();
  }

  @Test
  void a_case_that_was_never_struck_or_was_late_spoils_a_run_as_one_that_ended_wrong_does() {
    assertThat(well(CaseReport.Verdict.WELL, CaseReport.Verdict.HELD)).isTrue();
    assertThat(well(CaseReport.Verdict.WELL, CaseReport.Verdict.WRONG)).isFalse();
    assertThat(well(CaseReport.Verdict.WELL, CaseReport.Verdict.MISSED)).isFalse();
    assertThat(well(CaseReport.Verdict.WELL, CaseReport.Verdict.SLOW)).isFalse();
  }
}
