package dev.godwit.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One reading of the progress of a copy. */
public record Sample(JsonNode json) {

  public long totalBytes() {
    return whole("memory_total_bytes") + whole("disk_total_bytes");
  }

  public long memoryTotalBytes() {
    return whole("memory_total_bytes");
  }

  public long memoryRemainingBytes() {
    return whole("memory_remaining_bytes");
  }

  public long remainingBytes() {
    return whole("memory_remaining_bytes") + whole("disk_remaining_bytes");
  }

  /** What went over the wire, pages sent again counted again. */
  public long processedBytes() {
    return whole("memory_processed_bytes") + whole("disk_processed_bytes");
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

  /**
   * What is copied now, bytes, rate, dirty rate, ETA: one line. What is not known yet is a dash.
   * The disks come first, each with its share when there are several; then the memory.
   */
  public String line() {
    List<String> parts = new ArrayList<>();
    boolean disksOnly = memoryTotalBytes() == 0 && whole("disk_total_bytes") > 0;
    parts.add(disksOnly ? "disks" : postCopy() ? "post-copy" : "iteration " + iteration());
    parts.add(totalBytes() == 0 ? "-" : amount());
    if (disksOnly) {
      List<Disk> disks = disks();
      if (disks.size() > 1) {
        parts.add(String.join(", ", disks.stream().map(Disk::share).toList()));
      }
      parts.add(whole("disk_bps") == 0 && copiedBytes() == 0 ? "-" : Units.rate(whole("disk_bps")));
    } else {
      parts.add(rate(bytesPerSecond(), 0));
      parts.add("dirty " + rate(dirtyBytesPerSecond(), 1));
    }
    eta().ifPresent(eta -> parts.add("ETA " + Units.time(eta)));
    return String.join("  ", parts);
  }

  /** How much was copied when it ended, as far as it was measured. */
  public String end() {
    return totalBytes() == 0
        ? "not measured to its end"
        : "%s when it was last measured; %s went over the wire"
            .formatted(amount(), Units.bytes(processedBytes()));
  }

  private String amount() {
    return Units.bytes(copiedBytes()) + " of " + Units.bytes(totalBytes());
  }

  private long copiedBytes() {
    return Math.max(0, totalBytes() - remainingBytes());
  }

  /** Each disk that is being copied. */
  public List<Disk> disks() {
    List<Disk> disks = new ArrayList<>();
    json.path("disks")
        .properties()
        .forEach(disk ->
            disks.add(
                new Disk(
                    disk.getKey(),
                    disk.getValue().path("total_bytes").longValue(),
                    disk.getValue().path("remaining_bytes").longValue())));
    disks.sort(Comparator.comparing(Disk::target));
    return disks;
  }

  /** One disk that is being copied. */
  public record Disk(String target, long totalBytes, long remainingBytes) {
    /** Its target and how much of it is copied, in percent. */
    public String share() {
      return "%s %d %%".formatted(target, percent());
    }

    /** Bytes and percent. */
    public String line() {
      return "%s of %s copied (%d %%)"
          .formatted(Units.bytes(totalBytes - remainingBytes), Units.bytes(totalBytes), percent());
    }

    private long percent() {
      return totalBytes == 0 ? 100 : (totalBytes - remainingBytes) * 100 / totalBytes;
    }
  }

  /** QEMU says zero until it has measured, which it has not up to that iteration. */
  private String rate(long bytesPerSecond, int unmeasuredUntil) {
    boolean unknown = bytesPerSecond == 0 && !postCopy() && iteration() <= unmeasuredUntil;
    return unknown ? "-" : Units.rate(bytesPerSecond);
  }

  private long whole(String field) {
    return json.path(field).longValue();
  }

  private Optional<Duration> millis(String field) {
    JsonNode value = json.path(field);
    return value.isNumber() ? Optional.of(Duration.ofMillis(value.longValue())) : Optional.empty();
  }
}
