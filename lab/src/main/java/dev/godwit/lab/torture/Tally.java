package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many cases ended how, and how fast moves recovered: of all, or of those struck alike. */
record Tally(
    @JsonProperty("struck") String struck,
    @JsonProperty("cases") long cases,
    @JsonProperty("well") long well,
    @JsonProperty("slow") long slow,
    @JsonProperty("held_as_documented") long held,
    @JsonProperty("wrong") long wrong,
    @JsonProperty("missed") long missed,
    @JsonProperty("start_median_ms") @Nullable Long startMs,
    @JsonProperty("recovery_median_ms") @Nullable Long medianMs,
    @JsonProperty("recovery_worst_ms") @Nullable Long worstMs,
    @JsonProperty("late_worst_ms") @Nullable Long lateMs) {
  static final String ALL = "all";

  /** One for each victim and harm, by name, and one of all at the end. */
  static List<Tally> of(List<CaseReport> reports) {
    Map<String, List<CaseReport>> alike =
        reports.stream()
            .collect(Collectors.groupingBy(CaseReport::struck, TreeMap::new, Collectors.toList()));
    List<Tally> tallies = new ArrayList<>();
    alike.forEach((struck, those) -> tallies.add(of(struck, those)));
    tallies.add(of(ALL, reports));
    return tallies;
  }

  private static Tally of(String struck, List<CaseReport> reports) {
    List<Long> recoveries = sorted(reports, CaseReport::recoveryMs);
    List<Long> starts = sorted(reports, CaseReport::startMs);
    return new Tally(
        struck,
        reports.size(),
        count(reports, CaseReport.Verdict.WELL),
        count(reports, CaseReport.Verdict.SLOW),
        count(reports, CaseReport.Verdict.HELD),
        count(reports, CaseReport.Verdict.WRONG),
        count(reports, CaseReport.Verdict.MISSED),
        median(starts),
        median(recoveries),
        last(recoveries),
        last(sorted(reports, CaseReport::lateMs)));
  }

  /** What was measured, from the least on. */
  static List<Long> sorted(List<CaseReport> reports, Function<CaseReport, @Nullable Long> figure) {
    return reports.stream()
        .flatMap(it -> Optional.ofNullable(figure.apply(it)).stream())
        .sorted()
        .toList();
  }

  private static @Nullable Long last(List<Long> sorted) {
    return sorted.isEmpty() ? null : sorted.getLast();
  }

  private static @Nullable Long median(List<Long> sorted) {
    return sorted.isEmpty() ? null : sorted.get(sorted.size() / 2);
  }

  private static long count(List<CaseReport> reports, CaseReport.Verdict verdict) {
    return reports.stream().filter(it -> it.verdict() == verdict).count();
  }

  static final List<String> HEAD =
      List.of(
          "struck",
          "cases",
          "well",
          "slow",
          "held",
          "wrong",
          "missed",
          "start",
          "recovery",
          "worst",
          "late");

  /** As a row under {@link #HEAD}. */
  List<String> row() {
    return List.of(
        struck,
        Long.toString(cases),
        Long.toString(well),
        Long.toString(slow),
        Long.toString(held),
        Long.toString(wrong),
        Long.toString(missed),
        Seconds.of(startMs),
        Seconds.of(medianMs),
        Seconds.of(worstMs),
        Seconds.of(lateMs));
  }
}
