package dev.godwit.simulation.net;

import dev.godwit.simulation.time.Timeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Who reaches whom, and how well. A cut has a direction: what comes back may pass. */
public final class Network {
  private static final int MOST_MICROS = 1_500;
  private static final Duration LATE = Duration.ofSeconds(40);

  private final Timeline timeline;
  private final RandomGenerator random;
  private final Set<Way> cut = new HashSet<>();
  private final Map<Way, Long> stopped = new HashMap<>();
  private Weather weather = Weather.FAIR;
  private long astray;

  private record Way(String from, String to) {}

  /** How messages fare, in per mille. */
  public record Weather(int lost, int twice, int late) {
    /** All arrive, once and soon. */
    public static final Weather FAIR = new Weather(0, 0, 0);
  }

  public Network(Timeline timeline, RandomGenerator random) {
    this.timeline = timeline;
    this.random = random;
  }

  /** Nothing passes from one to the other. */
  public void cut(String from, String to) {
    cut.add(new Way(from, to));
  }

  /** All passes again. */
  public void heal(String from, String to) {
    cut.remove(new Way(from, to));
  }

  public void weather(Weather now) {
    weather = now;
  }

  /** All links are well again. */
  public void calm() {
    cut.clear();
    weather = Weather.FAIR;
  }

  public boolean passes(String from, String to) {
    Way way = new Way(from, to);
    if (!cut.contains(way)) {
      return true;
    }
    stopped.merge(way, 1L, Long::sum);
    return false;
  }

  /** How often something did not pass from one to the other. */
  public long stopped(String from, String to) {
    return stopped.getOrDefault(new Way(from, to), 0L);
  }

  /** How many messages were lost, late, or came twice by the weather. */
  public long astray() {
    return astray;
  }

  /** Sends a message; the arrival may come later, twice or never. */
  void send(String from, String to, Runnable arrival) {
    int luck = random.nextInt(1000);
    if (luck < weather.lost) {
      astray++;
      return;
    }
    deliver(from, to, arrival, latency(luck));
    if (random.nextInt(1000) < weather.twice) {
      astray++;
      deliver(from, to, arrival, latency(random.nextInt(1000)));
    }
  }

  private Duration latency(int luck) {
    boolean late = luck < weather.lost + weather.late;
    astray += late ? 1 : 0;
    long most = late ? LATE.toNanos() : MOST_MICROS * 1000L;
    return Duration.ofNanos(random.nextLong(50_000, most));
  }

  private void deliver(String from, String to, Runnable arrival, Duration after) {
    timeline.after(
        after,
        () -> {
          if (passes(from, to)) {
            arrival.run();
          }
        });
  }
}
