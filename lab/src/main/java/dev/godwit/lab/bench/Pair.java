package dev.godwit.lab.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One move by virsh and one through Godwit, right after each other. Times in milliseconds from the
 * start of the command, or of the request.
 *
 * @param first whose turn was first
 * @param virshRunningMs until libvirt said that the guest runs at the destination
 * @param virshJobOverMs until libvirt's job at the destination was over
 * @param virshMs until the command returned
 * @param virshPauseMs between libvirt's events Suspended and Resumed
 * @param postMs until Godwit answered the request
 * @param transferMs until the order that starts the copy was journalled
 * @param runningMs until libvirt said that the guest runs at the destination
 * @param commitMs until the ownership was committed
 * @param completedMs until the API said completed
 */
record Pair(
    @JsonProperty("from") String from,
    @JsonProperty("to") String to,
    @JsonProperty("first") String first,
    @JsonProperty("virsh_running_ms") double virshRunningMs,
    @JsonProperty("virsh_job_over_ms") double virshJobOverMs,
    @JsonProperty("virsh_ms") double virshMs,
    @JsonProperty("virsh_pause_ms") double virshPauseMs,
    @JsonProperty("post_ms") double postMs,
    @JsonProperty("transfer_ms") double transferMs,
    @JsonProperty("running_ms") double runningMs,
    @JsonProperty("commit_ms") double commitMs,
    @JsonProperty("completed_ms") double completedMs,
    @JsonProperty("pause_ms") double pauseMs) {

  /** Godwit's whole time for one of virsh's. */
  @JsonProperty("ratio")
  double ratio() {
    return Math.round(completedMs / virshMs * 1000) / 1000.0;
  }

  @JsonProperty("more_ms")
  double moreMs() {
    return completedMs - virshMs;
  }

  /** From the guest running at the destination to the ownership committed. */
  @JsonProperty("commit_lag_ms")
  double commitLagMs() {
    return commitMs - runningMs;
  }

  /**
   * What libvirt itself takes from there until it says that its job is over, which no commit may
   * precede: until then it may still take the guest back.
   */
  @JsonProperty("job_over_lag_ms")
  double jobOverLagMs() {
    return virshJobOverMs - virshRunningMs;
  }

  /** From the guest running at the destination to the return of virsh. */
  @JsonProperty("virsh_return_lag_ms")
  double virshReturnLagMs() {
    return virshMs - virshRunningMs;
  }

  @JsonProperty("settle_ms")
  double settleMs() {
    return completedMs - commitMs;
  }
}
