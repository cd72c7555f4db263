package dev.godwit.simulation.net;

import dev.godwit.simulation.time.Timeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
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
  private final Map<Concern, Long> stoppedCalls = new HashMap<>();
  private final Map<UUID, Long> astrayCalls = new HashMap<>();
  private int late;

  private record Way(String from, String to) {}

  /** A way, and the guest or the migration that a call on it is about. */
  private record Concern(Way way, UUID subject) {}

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

  /** How many calls about those, or answers to them, did not pass from one to the other. */
  public long stoppedCalls(String from, String to, Predicate<UUID> subjects) {
    Way way = new Way(from, to);
    return stoppedCalls.entrySet().stream()
        .filter(it -> it.getKey().way.equals(way) && subjects.test(it.getKey().subject))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** How many calls about those, or answers, were lost, late, or came twice by the weather. */
  public long astrayCalls(Predicate<UUID> subjects) {
    return astrayCalls.entrySet().stream()
        .filter(it -> subjects.test(it.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Sends a message; the arrival may come later, twice or never. */
  void send(String from, String to, Runnable arrival) {
    send(from, to, Optional.empty(), arrival);
  }

  /** The same of a call that is about a guest or a migration, or of the answer to it. */
  void send(String from, String to, Optional<UUID> subject, Runnable arrival) {
    int luck = random.nextInt(1000);
    if (luck < weather.lost) {
      strays(subject);
      return;
    }
    deliver(from, to, subject, arrival, latency(luck, subject));
    if (random.nextInt(1000) < weather.twice) {
      strays(subject);
      deliver(from, to, subject, arrival, latency(random.nextInt(1000), subject));
    }
  }

  private void strays(Optional<UUID> subject) {
    subject.ifPresent(it -> astrayCalls.merge(it, 1L, Long::sum));
  }

  /** True while a message is still to come that the weather keeps back. */
  public boolean keepsBack() {
    return late > 0;
  }

  private Duration latency(int luck, Optional<UUID> subject) {
    if (luck >= weather.lost + weather.late) {
      return Duration.ofNanos(random.nextLong(50_000, MOST_MICROS * 1000L));
    }
    strays(subject);
    Duration kept = Duration.ofNanos(random.nextLong(50_000, LATE.toNanos()));
    late++;
    timeline.after(kept, () -> late--);
    return kept;
  }

  private void deliver(
      String from, String to, Optional<UUID> subject, Runnable arrival, Duration after) {
    timeline.after(
        after,
        () -> {
          if (passes(from, to)) {
            arrival.run();
          } else {
            subject.ifPresent(
                it -> stoppedCalls.merge(new Concern(new Way(from, to), it), 1L, Long::sum));
          }
        });
  }
}
