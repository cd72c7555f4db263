package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.plan.CheckResult.Outcome;
import dev.godwit.core.model.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Outcomes of checks, in the order in which they were made. */
final class CheckList {
  private final List<CheckResult> results = new ArrayList<>();

  void check(
      String code, String subject, boolean passed, String expected, String found, String remedy) {
    add(
        passed ? Outcome.PASSED : Outcome.REFUSED,
        new Refusal(code, subject, expected, found, remedy));
  }

  void warn(String code, String subject, String expected, String found, String remedy) {
    add(Outcome.WARNED, new Refusal(code, subject, expected, found, remedy));
  }

  private void add(Outcome outcome, Refusal detail) {
    results.add(new CheckResult(outcome, detail));
  }

  List<CheckResult> results() {
    return List.copyOf(results);
  }
}
