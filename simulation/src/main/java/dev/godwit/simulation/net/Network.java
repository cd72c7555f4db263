package dev.godwit.simulation.net;

import dev.godwit.simulation.time.Timeline;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Who reaches whom, and how well. A cut has a direction: what comes back may pass. */
public final class Network {
  private static final int MOST_MICROS = 1_500;
  private static final Duration LATE = Duration.ofSeconds(40);

  private final Timeline timeline;
  private final RandomGenerator random;
  private final Set<Way> cut = new HashSet<>();
  private Weather weather = Weather.FAIR;

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
    return !cut.contains(new Way(from, to));
  }

  /** Sends a message; the arrival may come later, twice or never. */
  void send(String from, String to, Runnable arrival) {
    int luck = random.nextInt(1000);
    if (luck < weather.lost) {
      return;
    }
    deliver(from, to, arrival, latency(luck));
    if (random.nextInt(1000) < weather.twice) {
      deliver(from, to, arrival, latency(random.nextInt(1000)));
    }
  }

  private Duration latency(int luck) {
    boolean late = luck < weather.lost + weather.late;
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
