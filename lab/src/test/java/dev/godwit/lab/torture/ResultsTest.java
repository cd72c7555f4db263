package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.lab.host.LabFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cases came to, over several runs. */
final class ResultsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("results.jsonl");
  }

  private static Case struck(Victim victim) {
    return new Case(
        Storage.COPIED, Way.SUCCESS, victim, Harm.KILL, new Moment.Entry("SETTLE_NEXT", "X"));
  }

  private static CaseReport report(Victim victim, CaseReport.Verdict verdict) {
    return report(victim, Mode.PLAIN, verdict);
  }

  private static CaseReport report(Victim victim, Mode mode, CaseReport.Verdict verdict) {
    return CaseReport.of(
        struck(victim),
        mode,
        new CaseReport.Finding(verdict, "why"),
        new CaseReport.Figures("COMMIT", "completed", 1500L, null, null, 0, 9000));
  }

  @Test
  void another_run_finds_what_cases_came_to_and_knows_which_need_not_be_run_again() {
    Results first = Results.in(file);
    first.add(report(Victim.SERVER, CaseReport.Verdict.WELL));
    first.add(report(Victim.SOURCE_AGENT, CaseReport.Verdict.HELD));
    first.add(report(Victim.SOURCE_LIBVIRTD, CaseReport.Verdict.WRONG));
    first.add(report(Victim.DESTINATION_LIBVIRTD, CaseReport.Verdict.MISSED));

    Results next = Results.in(file);
    assertThat(next.all()).isEqualTo(first.all()).hasSize(4);
    assertThat(next.settles(struck(Victim.SERVER), Mode.PLAIN)).isTrue();
    assertThat(next.settles(struck(Victim.SOURCE_AGENT), Mode.PLAIN)).isTrue();
    assertThat(next.settles(struck(Victim.SOURCE_LIBVIRTD), Mode.PLAIN)).isFalse();
    assertThat(next.settles(struck(Victim.DESTINATION_LIBVIRTD), Mode.PLAIN)).isFalse();
    assertThat(next.settles(struck(Victim.DESTINATION_AGENT), Mode.PLAIN)).isFalse();
  }

  @Test
  void what_a_case_came_to_in_one_mode_says_nothing_of_another() {
    Results.in(file).add(report(Victim.SERVER, Mode.STRICT, CaseReport.Verdict.WELL));
    Results.in(file).add(report(Victim.SERVER, Mode.LOCKD, CaseReport.Verdict.HELD));
    Results next = Results.in(file);
    assertThat(next.all()).extracting(CaseReport::mode).containsExactly(Mode.STRICT, Mode.LOCKD);
    assertThat(next.settles(struck(Victim.SERVER), Mode.STRICT)).isTrue();
    assertThat(next.settles(struck(Victim.SERVER), Mode.LOCKD)).isTrue();
    assertThat(next.settles(struck(Victim.SERVER), Mode.PLAIN)).isFalse();
    assertThat(next.settles(struck(Victim.SERVER), Mode.STRICT_AND_LOCKD)).isFalse();
  }

  @Test
  void a_line_that_tells_no_mode_is_of_the_plain_one() throws IOException {
    Results.in(file).add(report(Victim.SERVER, CaseReport.Verdict.WELL));
    String line = Files.readString(file);
    assertThat(line).contains(",\"mode\":\"plain\"");
    Files.writeString(file, line.replace(",\"mode\":\"plain\"", ""));
    assertThat(Results.in(file).all())
        .containsExactly(report(Victim.SERVER, CaseReport.Verdict.WELL));
  }

  @Test
  void of_a_case_that_was_run_again_the_last_result_counts() {
    Results.in(file).add(report(Victim.SERVER, CaseReport.Verdict.WRONG));
    Results.in(file).add(report(Victim.SERVER, CaseReport.Verdict.WELL));
    assertThat(Results.in(file).all())
        .containsExactly(report(Victim.SERVER, CaseReport.Verdict.WELL));
  }

  @Test
  void a_file_of_something_else_is_refused_and_stays_as_it_is() throws IOException {
    Results.in(file).add(report(Victim.SERVER, CaseReport.Verdict.WELL));
    String text = Files.readString(file) + "something else\n";
    Files.writeString(file, text);
    assertThatThrownBy(() -> Results.in(file))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("results.jsonl, line 2: expected what became of a case");
    assertThat(file).hasContent(text);
  }
}
