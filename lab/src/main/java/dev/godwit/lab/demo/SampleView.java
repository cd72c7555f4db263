package dev.godwit.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** One reading of a copy's progress. */
public record SampleView(JsonNode json) {
  public long memoryTotal() {
    return json.path("memory_total_bytes").longValue();
  }

  public long total() {
    return memoryTotal() + json.path("disk_total_bytes").longValue();
  }

  /** What crossed the wire; pages sent again count again. */
  public long processed() {
    return json.path("memory_processed_bytes").longValue()
        + json.path("disk_processed_bytes").longValue();
  }

  public long remaining() {
    long disks = 0;
    for (JsonNode disk : json.path("disk_remaining_bytes")) {
      disks += disk.longValue();
    }
    return json.path("memory_remaining_bytes").longValue() + disks;
  }

  public long bytesPerSecond() {
    return json.path("memory_bps").longValue();
  }

  public long dirtyBytesPerSecond() {
    return json.path("dirty_pages_per_second").longValue()
        * json.path("page_size_bytes").longValue();
  }

  public long iteration() {
    return json.path("iteration").longValue();
  }

  public Optional<Long> etaMs() {
    return number("eta_ms");
  }

  /** libvirt's reported pause. */
  public Optional<Long> pauseMs() {
    return number("downtime_ms");
  }

  /** Half of the guest's memory is over. */
  public boolean halfWay() {
    return memoryTotal() > 0
        && (iteration() > 1
            || json.path("memory_remaining_bytes").longValue() * 2 <= memoryTotal());
  }

  private Optional<Long> number(String field) {
    JsonNode value = json.path(field);
    return value.isNumber() ? Optional.of(value.longValue()) : Optional.empty();
  }
}
