package dev.godwit.core.migration.plan;

import dev.godwit.core.model.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Outcomes of checks, in the order in which they were made. */
final class CheckList {
  private final List<CheckResult> results = new ArrayList<>();

  void check(
      String code, String subject, boolean passed, String expected, String found, String remedy) {
    results.add(new CheckResult(passed, new Refusal(code, subject, expected, found, remedy)));
  }

  List<CheckResult> results() {
    return List.copyOf(results);
  }
}
