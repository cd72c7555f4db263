package dev.godwit.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One reading of the progress of a copy. */
public record Sample(JsonNode json) {

  public long totalBytes() {
    return sum("memory_total_bytes") + sum("disk_total_bytes");
  }

  public long memoryTotalBytes() {
    return sum("memory_total_bytes");
  }

  public long memoryRemainingBytes() {
    return sum("memory_remaining_bytes");
  }

  public long remainingBytes() {
    return sum("memory_remaining_bytes") + sum("disk_remaining_bytes");
  }

  /** What went over the wire, pages sent again counted again. */
  public long processedBytes() {
    return sum("memory_processed_bytes") + sum("disk_processed_bytes");
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

  public boolean postCopy() {
    return json.path("post_copy").booleanValue();
  }

  public Duration elapsed() {
    return Duration.ofMillis(json.path("elapsed_ms").longValue());
  }

  /** libvirt's reported pause, once it is known. */
  public Optional<Duration> pause() {
    return millis("downtime_ms");
  }

  public Optional<Duration> eta() {
    return millis("eta_ms");
  }

  /** Iteration, bytes, rate, dirty rate, ETA: one line. What is not known yet is a dash. */
  public String line() {
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

  /** A number, or the sum of the numbers when the field holds one for each disk. */
  private long sum(String field) {
    JsonNode value = json.path(field);
    if (value.isNumber()) {
      return value.longValue();
    }
    long sum = 0;
    for (JsonNode part : value) {
      sum += part.longValue();
    }
    return sum;
  }

  private Optional<Duration> millis(String field) {
    JsonNode value = json.path(field);
    return value.isNumber() ? Optional.of(Duration.ofMillis(value.longValue())) : Optional.empty();
  }
}
