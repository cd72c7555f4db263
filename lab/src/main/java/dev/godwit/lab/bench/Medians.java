package dev.godwit.lab.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of each figure, each pair taken for itself. Milliseconds. */
record Medians(
    @JsonProperty("virsh_ms") double virsh,
    @JsonProperty("virsh_running_ms") double virshRunning,
    @JsonProperty("virsh_return_lag_ms") double virshReturnLag,
    @JsonProperty("virsh_pause_ms") double virshPause,
    @JsonProperty("completed_ms") double completed,
    @JsonProperty("post_ms") double post,
    @JsonProperty("transfer_ms") double transfer,
    @JsonProperty("running_ms") double running,
    @JsonProperty("commit_lag_ms") double commitLag,
    @JsonProperty("job_over_lag_ms") double jobOverLag,
    @JsonProperty("settle_ms") double settle,
    @JsonProperty("pause_ms") double pause,
    @JsonProperty("ratio") double ratio,
    @JsonProperty("more_ms") double more) {
  private static final double MOST_RATIO = 1.10;
  private static final double MOST_MORE_MS = 150;
  private static final double MOST_COMMIT_LAG_MS = 20;

  static Medians of(List<Pair> pairs) {
    return new Medians(
        median(pairs, Pair::virshMs),
        median(pairs, Pair::virshRunningMs),
        median(pairs, Pair::virshReturnLagMs),
        median(pairs, Pair::virshPauseMs),
        median(pairs, Pair::completedMs),
        median(pairs, Pair::postMs),
        median(pairs, Pair::transferMs),
        median(pairs, Pair::runningMs),
        median(pairs, Pair::commitLagMs),
        median(pairs, Pair::jobOverLagMs),
        median(pairs, Pair::settleMs),
        median(pairs, Pair::pauseMs),
        median(pairs, Pair::ratio),
        median(pairs, Pair::moreMs));
  }

  static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
    double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
    int half = sorted.length / 2;
    double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return Math.round(middle * 1000) / 1000.0;
  }

  /** At most a tenth more than virsh, or at most 150 ms more. */
  @JsonProperty("whole_move_ok")
  boolean wholeMoveOk() {
    return ratio <= MOST_RATIO || more <= MOST_MORE_MS;
  }

  @JsonProperty("commit_ok")
  boolean commitOk() {
    return commitLag <= MOST_COMMIT_LAG_MS;
  }
}
