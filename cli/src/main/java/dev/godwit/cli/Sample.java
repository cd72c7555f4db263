package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One reading of the progress of a copy. */
record Sample(JsonNode json) {

  long totalBytes() {
    return Doc.sum(json, "memory_total_bytes") + Doc.sum(json, "disk_total_bytes");
  }

  long remainingBytes() {
    return Doc.sum(json, "memory_remaining_bytes") + Doc.sum(json, "disk_remaining_bytes");
  }

  /** What went over the wire, pages sent again counted again. */
  long processedBytes() {
    return Doc.sum(json, "memory_processed_bytes") + Doc.sum(json, "disk_processed_bytes");
  }

  long bytesPerSecond() {
    return json.path("memory_bps").longValue();
  }

  long dirtyBytesPerSecond() {
    return json.path("dirty_pages_per_second").longValue()
        * json.path("page_size_bytes").longValue();
  }

  long iteration() {
    return json.path("iteration").longValue();
  }

  boolean postCopy() {
    return json.path("post_copy").booleanValue();
  }

  Duration elapsed() {
    return Duration.ofMillis(json.path("elapsed_ms").longValue());
  }

  Optional<Duration> pause() {
    return millis("downtime_ms");
  }

  Optional<Duration> eta() {
    return millis("eta_ms");
  }

  /** Iteration, bytes, rate, dirty rate, ETA: one line. What is not known yet is a dash. */
  String line() {
    List<String> parts = new ArrayList<>();
    parts.add(postCopy() ? "post-copy" : "iteration " + iteration());
    long copied = Math.max(0, totalBytes() - remainingBytes());
    parts.add(totalBytes() == 0 ? "-" : Units.bytes(copied) + " of " + Units.bytes(totalBytes()));
    parts.add(rate(bytesPerSecond(), 0));
    parts.add("dirty " + rate(dirtyBytesPerSecond(), 1));
    eta().ifPresent(eta -> parts.add("ETA " + Units.time(eta)));
    return String.join("  ", parts);
  }

  /** QEMU says zero until it has measured, which it has not up to that iteration. */
  private String rate(long bytesPerSecond, int unmeasuredUntil) {
    boolean unknown = bytesPerSecond == 0 && !postCopy() && iteration() <= unmeasuredUntil;
    return unknown ? "-" : Units.rate(bytesPerSecond);
  }

  private Optional<Duration> millis(String field) {
    JsonNode value = json.path(field);
    return value.isNumber() ? Optional.of(Duration.ofMillis(value.longValue())) : Optional.empty();
  }
}
