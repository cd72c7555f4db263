package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a case.
 *
 * @param date when it was run
 * @param build which Godwit was struck, see {@link Setting#build}; empty in results of before it
 *     was told
 * @param name the case's
 * @param mode in which it was run; results of before it was told are of the plain one
 * @param victim what was struck
 * @param struckAt the last journal entry when the strike fell; empty when it fell on nothing
 * @param status the migration's, at its end
 * @param recoveryMs time to recovery, see {@link Untouched}; null without a strike or an end
 * @param startMs how long what was killed took to start again, which the recovery contains
 * @param lateMs how much later it was over than its copy and that start needed; of a killed process
 *     only, see {@link Promise}
 * @param togetherMs how long two copies ran at once, which libvirt had made; see {@link Pulses}
 * @param totalMs the whole case, its checks too
 * @param why what is wrong, or which documented exception it is
 * @param story of a case that ended wrong, for whoever looks into it
 */
record CaseReport(
    @JsonProperty("date") String date,
    @JsonProperty("build") String build,
    @JsonProperty("case") String name,
    @JsonProperty("mode") Mode mode,
    @JsonProperty("victim") String victim,
    @JsonProperty("verdict") Verdict verdict,
    @JsonProperty("struck_at") String struckAt,
    @JsonProperty("status") String status,
    @JsonProperty("recovery_ms") @Nullable Long recoveryMs,
    @JsonProperty("start_ms") @Nullable Long startMs,
    @JsonProperty("late_ms") @Nullable Long lateMs,
    @JsonProperty("together_ms") long togetherMs,
    @JsonProperty("total_ms") long totalMs,
    @JsonProperty("why") String why,
    @JsonProperty("story") List<String> story) {
  CaseReport {
    // Jackson gives none where a line has none.
    build = Objects.requireNonNullElse(build, "");
    mode = Objects.requireNonNullElse(mode, Mode.PLAIN);
    story = List.copyOf(story);
  }

  /** What was struck and how, as its name says. */
  String struck() {
    String[] parts = name.split("/", 5);
    return parts.length < 4 ? victim : victim + ", " + parts[3];
  }

  /** Which way its move was to take, as its name says. */
  String way() {
    String[] parts = name.split("/", 3);
    return parts.length < 2 ? "" : parts[1];
  }

  /** How a case can end. */
  enum Verdict {
    /** One running guest, nothing lost, nothing left. */
    WELL,
    /** The same, but later than promised: see {@link Promise}. */
    SLOW,
    /** A documented exception. */
    HELD,
    WRONG,
    /** Nothing was struck, or not at its moment: nothing is shown. */
    MISSED
  }

  /** A verdict and its reasons. */
  record Finding(Verdict verdict, String why, List<String> story) {
    Finding(Verdict verdict, String why) {
      this(verdict, why, List.of());
    }

    Finding(Verdict verdict) {
      this(verdict, "");
    }
  }

  /** What was measured. */
  record Figures(
      String struckAt,
      String status,
      @Nullable Long recoveryMs,
      @Nullable Long startMs,
      @Nullable Long lateMs,
      long togetherMs,
      long totalMs) {
    /** Of a case that was not made. */
    static final Figures NONE = new Figures("", "", null, null, null, 0, 0);
  }

  static CaseReport of(Case it, Mode mode, Finding finding, Figures figures) {
    return new CaseReport(
        Setting.today(),
        Setting.build(),
        it.name(),
        mode,
        it.victim().word(),
        finding.verdict(),
        figures.struckAt(),
        figures.status(),
        figures.recoveryMs(),
        figures.startMs(),
        figures.lateMs(),
        figures.togetherMs(),
        figures.totalMs(),
        finding.why(),
        finding.story());
  }
}
