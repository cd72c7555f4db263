package dev.godwit.lab.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Jiffies of all processors together, by the kernel: how far to trust a measurement. */
record MachineLoad(long total, long idle, long steal) {
  /** Shares of a span of time, in percent. */
  record Span(
      @JsonProperty("idle_percent") long idlePercent,
      @JsonProperty("steal_percent") long stealPercent) {}

  static MachineLoad now() {
    try {
      String first = Files.readAllLines(Path.of("/proc/stat")).getFirst();
      long[] fields =
          Arrays.stream(first.split("\\s+")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
      return new MachineLoad(Arrays.stream(fields).sum(), fields[3] + fields[4], fields[7]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Span since(MachineLoad earlier) {
    long span = Math.max(1, total - earlier.total);
    return new Span(100 * (idle - earlier.idle) / span, 100 * (steal - earlier.steal) / span);
  }
}
