package dev.godwit.lab.torture;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cases as people read them: a line as each ends, a table at the end. */
final class Lines implements Teller {
  private final PrintStream out;

  Lines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(int cases) {
    out.printf("%d cases, one after the other:%n", cases);
    out.flush();
  }

  @Override
  public void told(CaseReport it) {
    out.printf(
        "%-7s %-66s at %-36s %-10s recovered in %7s (start %7s, late %7s), case %7s  %s%n",
        it.verdict().name().toLowerCase(Locale.ROOT),
        it.name(),
        it.struckAt().isEmpty() ? "-" : it.struckAt(),
        it.status().isEmpty() ? "-" : it.status(),
        Seconds.of(it.recoveryMs()),
        Seconds.of(it.startMs()),
        Seconds.of(it.lateMs()),
        Seconds.of(it.totalMs()),
        it.why());
    it.story().forEach(line -> out.println("    " + line));
    out.flush();
  }

  @Override
  public void end(Summary summary) {
    out.println();
    table(summary.tallies()).forEach(out::println);
    if (!summary.breaks().sentence().isEmpty()) {
      out.println(summary.breaks().sentence());
    }
    out.println(summary.setting().sentence());
  }

  private static List<String> table(List<Tally> tallies) {
    List<List<String>> rows = new ArrayList<>(List.of(Tally.HEAD));
    tallies.forEach(it -> rows.add(it.row()));
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(it -> it.get(at).length()).max().orElse(1);
        line.append(String.format(Locale.ROOT, "%-" + (width + 2) + "s", row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
