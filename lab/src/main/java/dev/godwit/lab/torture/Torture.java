package dev.godwit.lab.torture;

import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.host.LabFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs cases, one after the other, on one lab; a case that ends wrong costs the lab. */
final class Torture {
  private final Ground ground;
  private final Consumer<CaseReport> told;

  Torture(Ground ground, Consumer<CaseReport> told) {
    this.ground = ground;
    this.told = told;
  }

  List<CaseReport> run(List<Case> cases) {
    List<CaseReport> reports = new ArrayList<>();
    ground.raise();
    try (Journal journal = new Journal(ground.database())) {
      Judge judge = new Judge(ground, journal);
      for (Case it : cases) {
        CaseReport report = judge(judge, it);
        reports.add(report);
        told.accept(report);
        if (report.verdict() == CaseReport.Verdict.WRONG
            || report.verdict() == CaseReport.Verdict.HELD) {
          journal.letGo();
          ground.renew();
        }
      }
    }
    return reports;
  }

  private static CaseReport judge(Judge judge, Case it) {
    try {
      return judge.judge(it);
    } catch (LabFailure | ApiFailure e) {
      String why = "the lab itself: " + e.getMessage();
      return CaseReport.of(
          it,
          new CaseReport.Finding(CaseReport.Verdict.WRONG, why),
          new CaseReport.Figures("", "", null, 0));
    }
  }
}
