package dev.godwit.lab.torture;

import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.host.LabFailure;
import java.util.ArrayList;
import java.util.List;

/** Runs cases, one after the other, on one lab; a case that ends badly costs the lab. */
final class Torture {
  /** A moment may be milliseconds long, and be missed on a busy machine. */
  private static final int TRIES = 4;

  private final Ground ground;
  private final boolean stories;
  private final Teller teller;
  private final List<CaseReport> tried = new ArrayList<>();

  /**
   * @param stories tell also those of cases that ended well
   */
  Torture(Ground ground, boolean stories, Teller teller) {
    this.ground = ground;
    this.stories = stories;
    this.teller = teller;
  }

  /** Where and when, and what of it is told at the end. */
  Summary run(List<Case> cases, Results results) {
    teller.begin(cases.size());
    ground.raise();
    Setting setting = Setting.of(ground.api());
    List<CaseReport> reports = new ArrayList<>();
    try (Journal journal = new Journal(ground.database())) {
      Judge judge = new Judge(ground, journal, setting.emulated(), stories);
      for (Case it : cases) {
        CaseReport report = struck(judge, journal, it);
        if (Thread.currentThread().isInterrupted()) {
          // Broken off in its midst: that tells nothing of it.
          break;
        }
        reports.add(report);
        results.add(report);
        teller.told(report);
        clearAfter(report, journal);
      }
    }
    Summary summary = new Summary(setting, Tally.of(reports), Breaks.of(tried));
    teller.end(summary);
    return summary;
  }

  private void clearAfter(CaseReport report, Journal journal) {
    if (bad(report.verdict()) && !sound(journal)) {
      journal.letGo();
      ground.renew();
    }
  }

  private static boolean bad(CaseReport.Verdict verdict) {
    return verdict == CaseReport.Verdict.WRONG || verdict == CaseReport.Verdict.HELD;
  }

  /** True when the lab is fit for the next case although this one ended badly. */
  private boolean sound(Journal journal) {
    try {
      return ground.sound() && journal.claims().isEmpty();
    } catch (LabFailure | ApiFailure e) {
      return false;
    }
  }

  /** A moment that did not come may come the next time, and so may a recovery. */
  private CaseReport struck(Judge judge, Journal journal, Case it) {
    CaseReport report = tried(judge, it);
    for (int tries = 1; tries < TRIES && showsNothing(report); tries++) {
      clearAfter(report, journal);
      report = tried(judge, it);
    }
    return report;
  }

  private CaseReport tried(Judge judge, Case it) {
    CaseReport report = judge(judge, it);
    tried.add(report);
    return report;
  }

  private boolean showsNothing(CaseReport report) {
    return report.verdict() == CaseReport.Verdict.MISSED || Breaks.of(tried).wants(report);
  }

  private CaseReport judge(Judge judge, Case it) {
    try {
      return judge.judge(it);
    } catch (LabFailure | ApiFailure e) {
      return CaseReport.of(
          it,
          ground.mode(),
          new CaseReport.Finding(CaseReport.Verdict.WRONG, "the lab itself: " + e.getMessage()),
          CaseReport.Figures.NONE);
    }
  }
}
