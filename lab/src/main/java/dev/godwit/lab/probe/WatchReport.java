package dev.godwit.lab.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What a neighbour saw of a guest since its last report.
 *
 * @param sent echoes asked for
 * @param lost echoes that never came back
 * @param gap the longest silence between two echoes
 * @param gapTo when that silence ended
 * @param stall the longest time in which the prober itself did not get to send: how far to trust it
 * @param counter the counter over its one TCP connection
 * @param synced the newest record of each disk that the guest told to be on it
 */
public record WatchReport(
    long sent,
    long lost,
    Duration gap,
    Instant gapTo,
    Duration stall,
    Counter counter,
    Map<String, Long> synced) {
  public WatchReport {
    synced = Map.copyOf(synced);
  }

  /**
   * The guest's counter.
   *
   * @param connected the first connection is still the one
   * @param lines how often it was told
   * @param jumps times it went on faster than the guest's own clock
   * @param resets times it stood or went back
   * @param silence the longest time between two lines
   * @param firstBreak the counts around the first jump or reset, in words; empty when there was
   *     none
   */
  public record Counter(
      boolean connected, long lines, long jumps, long resets, Duration silence, String firstBreak) {
    /** True when it went on over the one connection, without a jump or a reset. */
    public boolean unbroken() {
      return connected && lines > 0 && jumps == 0 && resets == 0;
    }
  }

  static WatchReport of(JsonNode line) {
    JsonNode counter = line.path("counter");
    long gapTo = line.path("gap_to_unix_ns").longValue();
    return new WatchReport(
        line.path("sent").longValue(),
        line.path("lost").longValue(),
        Duration.ofNanos(line.path("gap_ns").longValue()),
        Instant.ofEpochSecond(gapTo / 1_000_000_000L, gapTo % 1_000_000_000L),
        Duration.ofNanos(line.path("stall_ns").longValue()),
        new Counter(
            counter.path("connected").booleanValue(),
            counter.path("lines").longValue(),
            counter.path("jumps").longValue(),
            counter.path("resets").longValue(),
            Duration.ofNanos(counter.path("silence_ns").longValue()),
            counter.path("first_break").asText()),
        synced(line.path("synced")));
  }

  private static Map<String, Long> synced(JsonNode disks) {
    Map<String, Long> synced = new HashMap<>();
    disks.properties().forEach(disk -> synced.put(disk.getKey(), disk.getValue().longValue()));
    return synced;
  }
}
