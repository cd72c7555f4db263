package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many cases ended how, and how fast moves recovered: of all, or of one victim. */
record Tally(
    @JsonProperty("victim") String victim,
    @JsonProperty("cases") long cases,
    @JsonProperty("well") long well,
    @JsonProperty("held_as_documented") long held,
    @JsonProperty("wrong") long wrong,
    @JsonProperty("missed") long missed,
    @JsonProperty("recovery_median_ms") @Nullable Long medianMs,
    @JsonProperty("recovery_worst_ms") @Nullable Long worstMs) {
  static final String ALL = "all";

  /** One for each victim, in the order in which they came, and one of all at the end. */
  static List<Tally> of(List<CaseReport> reports) {
    List<CaseReport> made =
        reports.stream().filter(it -> it.verdict() != CaseReport.Verdict.SKIPPED).toList();
    Set<String> victims = new LinkedHashSet<>();
    made.forEach(it -> victims.add(it.victim()));
    List<Tally> tallies = new ArrayList<>();
    for (String victim : victims) {
      tallies.add(of(victim, made.stream().filter(it -> it.victim().equals(victim)).toList()));
    }
    tallies.add(of(ALL, made));
    return tallies;
  }

  private static Tally of(String victim, List<CaseReport> reports) {
    List<Long> recoveries =
        reports.stream()
            .map(CaseReport::recoveryMs)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .sorted()
            .toList();
    return new Tally(
        victim,
        reports.size(),
        count(reports, CaseReport.Verdict.WELL),
        count(reports, CaseReport.Verdict.HELD),
        count(reports, CaseReport.Verdict.WRONG),
        count(reports, CaseReport.Verdict.MISSED),
        recoveries.isEmpty() ? null : recoveries.get(recoveries.size() / 2),
        recoveries.isEmpty() ? null : recoveries.getLast());
  }

  private static long count(List<CaseReport> reports, CaseReport.Verdict verdict) {
    return reports.stream().filter(it -> it.verdict() == verdict).count();
  }

  static final List<String> HEAD =
      List.of("struck", "cases", "well", "held", "wrong", "missed", "median recovery", "worst");

  /** As a row under {@link #HEAD}. */
  List<String> row() {
    return List.of(
        victim,
        Long.toString(cases),
        Long.toString(well),
        Long.toString(held),
        Long.toString(wrong),
        Long.toString(missed),
        Seconds.of(medianMs),
        Seconds.of(worstMs));
  }
}
