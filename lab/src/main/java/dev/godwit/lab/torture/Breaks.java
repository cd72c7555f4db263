package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Post-copies whose stream was broken, each try one. A hang of QEMU is documented, and shows
 * nothing of the recovery: a run that saw nothing else saw none.
 */
record Breaks(@JsonProperty("broke") long broke, @JsonProperty("recovered") long recovered) {
  /**
   * Where QEMU emulates the guest, about one in four does not hang (libvirt 9, QEMU 7.2). That none
   * of so many is recovered is chance in three of a hundred runs; of four it would be in a third.
   */
  static final int ENOUGH = 12;

  static Breaks of(List<CaseReport> reports) {
    List<CaseReport> broke =
        reports.stream()
            .filter(Breaks::one)
            .filter(it -> it.verdict() != CaseReport.Verdict.MISSED)
            .toList();
    return new Breaks(broke.size(), broke.stream().filter(Breaks::recovered).count());
  }

  private static boolean one(CaseReport report) {
    return report.way().equals(Way.BROKEN_POST_COPY.word());
  }

  private static boolean recovered(CaseReport report) {
    return switch (report.verdict()) {
      case WELL, SLOW -> true;
      case HELD, WRONG, MISSED -> false;
    };
  }

  /** True unless so many were in vain that it is no chance. */
  boolean shown() {
    return recovered > 0 || broke < ENOUGH;
  }

  /** True for a case that hung while none was recovered yet: the next try may show it. */
  boolean wants(CaseReport report) {
    return recovered == 0 && one(report) && report.verdict() == CaseReport.Verdict.HELD;
  }

  /** Empty when there was none. */
  String sentence() {
    return broke == 0
        ? ""
        : "Of %d post-copies whose stream was broken, %d were recovered."
            .formatted(broke, recovered);
  }
}
