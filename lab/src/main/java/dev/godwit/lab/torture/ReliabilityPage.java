package dev.godwit.lab.torture;

import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** docs/reliability.md: what a run of the torture showed. */
final class ReliabilityPage {
  private final String command;
  private final Setting setting;

  ReliabilityPage(String command, Setting setting) {
    this.command = command;
    this.setting = setting;
  }

  void write(Path file, List<CaseReport> reports) {
    LabFolder.write(file, text(reports));
  }

  String text(List<CaseReport> reports) {
    StringBuilder text =
        new StringBuilder(
            """
            # Reliability

            Written by `%s`; do not edit.

            Real moves of a real guest between two libvirt hosts, one struck by each case: a process killed (`kill -9`) or stopped, a link
            cut, a disk filled, at a journal entry, a share of the copy, or libvirt's own `Resumed`. Then what was killed is started again and, from
            outside (virsh, the machine's processes, files and sockets, the guest's counter and disk records), the guest has to run on exactly one
            host, nothing lost, its record right, and nothing left anywhere.

            Time to recovery: how much later the migration was over than both the restart of what was struck and the moment at which an untouched move would
            have been over. It contains the start of what was killed, which a busy machine makes long; that alone is the column "start". Medians, and the worst.
            Late: how much later a move whose one process was killed was over than its copy and that start needed; the worst. More than %s is "slow", and not well.
            """
                .formatted(command, Seconds.of(Promise.ALLOWED.toMillis())));
    for (Mode mode : Mode.values()) {
      List<CaseReport> those = reports.stream().filter(it -> it.mode() == mode).toList();
      if (!those.isEmpty()) {
        part(text, mode, those);
      }
    }
    return text.toString();
  }

  /** Results of one mode, with the days and the builds that they are of. */
  private void part(StringBuilder text, Mode mode, List<CaseReport> reports) {
    List<Tally> tallies = Tally.of(reports);
    Tally all = tallies.getLast();
    text.append(
        """

        ## With %s

        %s. %d cases: %d ended well, %d well but late, %d were held or lost as [the decision table](decision-table.md) says, %d ended wrong; in %d the strike
        did not fall at its moment. %s
        %s %s %s

        """
            .formatted(
                mode.sentence(),
                setting.of(
                    distinct(reports, CaseReport::date), distinct(reports, CaseReport::build)),
                all.cases(),
                all.well(),
                all.slow(),
                all.held(),
                all.wrong(),
                all.missed(),
                share(mode, reports),
                kills(reports),
                twice(reports),
                Breaks.of(reports).sentence()));
    text.append(row(Tally.HEAD)).append(row(Tally.HEAD.stream().map(_ -> "---").toList()));
    tallies.forEach(it -> text.append(row(it.row())));
    section(text, "Slow", only(reports, CaseReport.Verdict.SLOW));
    section(text, "Held as documented", only(reports, CaseReport.Verdict.HELD));
    section(text, "Wrong", only(reports, CaseReport.Verdict.WRONG));
    section(text, "Not struck at its moment", only(reports, CaseReport.Verdict.MISSED));
  }

  /** How much of all that can be struck was. */
  private static String share(Mode mode, List<CaseReport> reports) {
    Set<String> known = reports.stream().map(CaseReport::name).collect(Collectors.toSet());
    List<Case> matrix = new Matrix(mode).all();
    return "That is %d of the %d cases in which something is struck in this mode."
        .formatted(matrix.stream().filter(it -> known.contains(it.name())).count(), matrix.size());
  }

  /** What a killed and restarted process costs at most. */
  private static String kills(List<CaseReport> reports) {
    List<Long> late = Tally.sorted(reports, CaseReport::lateMs);
    if (late.isEmpty()) {
      return "No process was killed.";
    }
    long allowed = Promise.ALLOWED.toMillis();
    return "Of %d moves in which one process was killed and started again, %d were over within %s of what the copy and that start needed; the slowest took %s more."
        .formatted(
            late.size(),
            late.stream().filter(it -> it <= allowed).count(),
            Seconds.of(allowed),
            Seconds.of(late.getLast()));
  }

  /** How often and how long two copies ran. */
  private static String twice(List<CaseReport> reports) {
    List<Long> together =
        reports.stream()
            .filter(it -> it.verdict() != CaseReport.Verdict.WRONG)
            .map(CaseReport::togetherMs)
            .filter(it -> it > 0)
            .sorted()
            .toList();
    String watched = "The kernel's account of both copies' vCPUs was watched in every move: ";
    return together.isEmpty()
        ? watched + "two copies never ran at once for longer than 0.1 s."
        : watched
            + "in %d libvirt itself made two copies run at once, until Godwit ended that after at most %s; in all others never for longer than 0.1 s."
                .formatted(together.size(), Seconds.of(together.getLast()));
  }

  /** Cases may be of several runs. */
  private static List<String> distinct(List<CaseReport> reports, Function<CaseReport, String> of) {
    return reports.stream().map(of).filter(it -> !it.isEmpty()).distinct().sorted().toList();
  }

  private static List<String> only(List<CaseReport> reports, CaseReport.Verdict verdict) {
    return reports.stream()
        .filter(it -> it.verdict() == verdict)
        .map(it ->
            it.why().isEmpty()
                ? "* `%s`%n".formatted(it.name())
                : "* `%s`: %s%n".formatted(it.name(), it.why()))
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static void section(StringBuilder text, String title, List<String> items) {
    if (!items.isEmpty()) {
      text.append("\n### ").append(title).append("\n\n");
      items.forEach(text::append);
    }
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
