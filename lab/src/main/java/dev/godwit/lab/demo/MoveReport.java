package dev.godwit.lab.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One move, as its user and a neighbour on the network saw it. Times in milliseconds.
 *
 * @param totalMs from the request to the migration's end
 * @param prepareMs from the request to the order that starts the copy
 * @param copyMs from that order to the commit
 * @param settleMs from the commit to the end
 * @param pauseMs libvirt's own reported pause; -1 when there was none to report
 * @param networkGapMs the neighbour's longest silence
 * @param pingsLost echoes that never came back
 * @param counterOk the guest's counter went on over one TCP connection, without a jump or a reset
 * @param recordsLost numbered records missing or damaged on the guest's disks
 * @param bytes memory and disk that crossed the wire
 * @param leftovers what the host that should hold nothing still holds
 */
public record MoveReport(
    @JsonProperty("kind") String kind,
    @JsonProperty("from") String from,
    @JsonProperty("to") String to,
    @JsonProperty("status") String status,
    @JsonProperty("total_ms") long totalMs,
    @JsonProperty("prepare_ms") long prepareMs,
    @JsonProperty("copy_ms") long copyMs,
    @JsonProperty("settle_ms") long settleMs,
    @JsonProperty("pause_ms") long pauseMs,
    @JsonProperty("network_gap_ms") long networkGapMs,
    @JsonProperty("pings_lost") long pingsLost,
    @JsonProperty("counter_ok") boolean counterOk,
    @JsonProperty("records_lost") long recordsLost,
    @JsonProperty("bytes") long bytes,
    @JsonProperty("iterations") long iterations,
    @JsonProperty("leftovers") List<String> leftovers) {
  public MoveReport {
    leftovers = List.copyOf(leftovers);
  }

  /** True when the move ended as wanted, lost nothing and left nothing. */
  public boolean well(String wantedStatus) {
    return status.equals(wantedStatus) && counterOk && recordsLost == 0 && leftovers.isEmpty();
  }
}
