package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that a run writes. */
final class ReliabilityPageTest {
  private static CaseReport report(
      Victim victim, CaseReport.Verdict verdict, Long recoveryMs, long togetherMs, String why) {
    Case it = new Case(Storage.COPIED, Way.SUCCESS, victim, Harm.KILL, new Moment.Entry("COMMIT"));
    return CaseReport.of(
        it,
        Mode.PLAIN,
        new CaseReport.Finding(verdict, why),
        new CaseReport.Figures(
            "COMMIT", "completed", recoveryMs, 300L, recoveryMs - 300, togetherMs, 9000));
  }

  private static CaseReport report(
      Victim victim, CaseReport.Verdict verdict, Long recoveryMs, String why) {
    return report(victim, verdict, recoveryMs, 0, why);
  }

  @Test
  void the_page_tells_how_many_ended_how_and_how_fast_for_each_victim() {
    List<CaseReport> reports =
        List.of(
            report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, ""),
            report(Victim.SERVER, CaseReport.Verdict.WELL, 4000L, ""),
            report(Victim.SERVER, CaseReport.Verdict.WELL, 2000L, ""),
            report(Victim.SOURCE_AGENT, CaseReport.Verdict.WRONG, 500L, "it runs nowhere"));
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    String page = new ReliabilityPage("./godwit torture", setting).text(reports);
    assertThat(page)
        .contains(
            Setting.today()
                + ", 2 CPUs, guests emulated, libvirt 9.0.0, QEMU 7.2.22, build unknown. 4")
        .contains(
            "Of 4 moves in which one process was killed and started again, 4 were over within 5.0 s"
                + " of what the copy and that start needed; the slowest took 3.7 s more.")
        .contains("two copies never ran at once for longer than 0.1 s.")
        .contains("4 cases: 3 ended well, 0 well but late, 0 were held")
        .contains("| server, kill | 3 | 3 | 0 | 0 | 0 | 0 | 0.3 s | 2.0 s | 4.0 s | 3.7 s |")
        .contains("| source-agent, kill | 1 | 0 | 0 | 0 | 1 | 0 | 0.3 s | 0.5 s | 0.5 s | 0.2 s |")
        .contains("* `copied/success/source-agent/kill/COMMIT`: it runs nowhere");
  }

  @Test
  void the_page_tells_how_much_of_the_matrix_it_is_of() {
    List<CaseReport> reports =
        List.of(
            report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, ""),
            on("2026-02-02", Mode.PLAIN, CaseReport.Verdict.WELL));
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    assertThat(new ReliabilityPage("./godwit torture", setting).text(reports))
        .contains("That is 1 of the %d cases".formatted(new Matrix(Mode.PLAIN).all().size()));
  }

  @Test
  void the_page_tells_for_how_long_libvirt_had_two_copies_run() {
    List<CaseReport> reports =
        List.of(
            report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, ""),
            report(Victim.DESTINATION_LIBVIRTD, CaseReport.Verdict.WELL, 1000L, 1400, ""));
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    assertThat(new ReliabilityPage("./godwit torture", setting).text(reports))
        .contains(
            "in 1 libvirt itself made two copies run at once, until Godwit ended that after at most"
                + " 1.4 s");
  }

  @Test
  void the_page_tells_how_many_broken_post_copies_were_recovered() {
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    ReliabilityPage page = new ReliabilityPage("./godwit torture", setting);
    Case it =
        new Case(
            Storage.SHARED, Way.BROKEN_POST_COPY, Victim.NOBODY, Harm.NONE, new Moment.Turned());
    List<CaseReport> reports =
        Stream.of(CaseReport.Verdict.HELD, CaseReport.Verdict.WELL, CaseReport.Verdict.HELD)
            .map(verdict ->
                CaseReport.of(
                    it, Mode.PLAIN, new CaseReport.Finding(verdict), CaseReport.Figures.NONE))
            .toList();
    assertThat(page.text(reports))
        .contains("Of 3 post-copies whose stream was broken, 1 were recovered.");
    assertThat(page.text(List.of(report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, ""))))
        .doesNotContain("post-copies");
  }

  @Test
  void results_of_each_mode_stand_apart_with_their_own_days() {
    CaseReport plain = report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, "");
    CaseReport strict = on("2026-02-02", Mode.STRICT, CaseReport.Verdict.WELL);
    CaseReport missed = on("2026-02-03", Mode.STRICT, CaseReport.Verdict.MISSED);
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    String page =
        new ReliabilityPage("./godwit torture", setting).text(List.of(plain, strict, missed));
    int apart = page.indexOf("## With a strict hand-over (--strict)");
    assertThat(page.substring(0, apart))
        .contains("## With a fast hand-over, without a lock manager")
        .contains(Setting.today() + ", 2 CPUs")
        .contains("1 cases: 1 ended well")
        .doesNotContain("2026-02");
    assertThat(page.substring(apart))
        .contains("2026-02-02 and 2026-02-03, 2 CPUs")
        .contains("build of 2026-02-02 and of 2026-02-03. 2 cases")
        .contains("2 cases: 1 ended well")
        .contains("### Not struck at its moment\n\n* `case of STRICT and MISSED`\n");
  }

  @Test
  void a_move_that_was_over_too_late_is_not_counted_as_well_and_is_named() {
    List<CaseReport> reports =
        List.of(
            report(Victim.SERVER, CaseReport.Verdict.WELL, 1000L, ""),
            report(Victim.SOURCE_AGENT, CaseReport.Verdict.SLOW, 6000L, "over 5.7 s later"));
    Setting setting = new Setting("2026-01-01", 2, true, "9.0.0", "7.2.22");
    assertThat(new ReliabilityPage("./godwit torture", setting).text(reports))
        .contains("2 cases: 1 ended well, 1 well but late, 0 were held")
        .contains("1 were over within 5.0 s")
        .contains("### Slow\n\n* `copied/success/source-agent/kill/COMMIT`: over 5.7 s later");
  }

  private static CaseReport on(String date, Mode mode, CaseReport.Verdict verdict) {
    return new CaseReport(
        date,
        "of " + date,
        "case of %s and %s".formatted(mode, verdict),
        mode,
        "server",
        verdict,
        "COMMIT",
        "completed",
        1000L,
        300L,
        700L,
        0,
        9000,
        "",
        List.of());
  }
}
