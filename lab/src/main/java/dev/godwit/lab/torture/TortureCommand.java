package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.demo.Curtain;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit torture: whatever can break, broken at every moment of real moves. */
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description = "Kill, freeze, cut and fill, at every moment of real moves on a lab of its own.")
public final class TortureCommand implements Callable<Integer> {
  @Option(
      names = "--folder",
      description = "The lab's folder. Default: $$GODWIT_LAB or /var/lib/godwit/lab.")
  Path folder = Lab.defaultFolder();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WORD",
      description = "Only cases whose names have all of these words.")
  List<String> only = new ArrayList<>();

  private final PrintStream out = System.out;

  @Override
  public Integer call() {
    Matrix matrix = new Matrix();
    List<Case> cases = new ArrayList<>(matrix.untouched());
    cases.addAll(matrix.all());
    List<Case> wanted = cases.stream().filter(it -> it.has(only)).toList();
    try (Curtain curtain = new Curtain();
        Ground ground = new Ground(Lab.at(folder))) {
      return curtain.guard(() -> {
        List<CaseReport> reports = new Torture(ground, this::tell).run(wanted);
        boolean well = reports.stream().noneMatch(it -> it.verdict() == CaseReport.Verdict.WRONG);
        return well ? 0 : 1;
      });
    }
  }

  private void tell(CaseReport it) {
    out.printf(
        "%-64s %-7s at %-28s %-10s %6s ms of %6d %s%n",
        it.name(),
        it.verdict(),
        it.struckAt(),
        it.status(),
        it.recoveryMs(),
        it.totalMs(),
        it.why());
    it.story().forEach(line -> out.println("    " + line));
    out.flush();
  }
}
