package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Watches when each copy of a guest runs, and whether two do at once, by the processor time that
 * their vCPUs use: whatever libvirt and Godwit say.
 */
final class Pulses implements AutoCloseable {
  private static final Duration LOOK_EACH = Duration.ofMillis(50);

  /**
   * Between the looks at both, the guest may be handed over, and seem to run here and there: a look
   * that took this machine longer shows nothing of two copies.
   */
  private static final Duration AT_ONCE = Duration.ofMillis(10);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Overlap overlap = new Overlap();
  private final Pulse source;
  private final Pulse destination;
  private final Thread watcher;
  private volatile Beats sourceBeats = Beats.NONE;
  private volatile Beats destinationBeats = Beats.NONE;
  private volatile Optional<Instant> copyBegan = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();

  Pulses(Lab lab, Arsenal.Route route) {
    this.source = new Pulse(lab.host(route.source()), route.guest());
    this.destination = new Pulse(lab.host(route.destination()), route.guest());
    this.watcher = Thread.ofPlatform().daemon().name("pulses").start(this::watch);
  }

  private void watch() {
    Instant before = Instant.now();
    Optional<Long> pid = Optional.empty();
    try {
      while (true) {
        Thread.sleep(LOOK_EACH);
        Instant begun = Instant.now();
        boolean atSource = source.beats();
        boolean atDestination = destination.beats();
        Instant now = Instant.now();
        boolean atOnce = Duration.between(begun, now).compareTo(AT_ONCE) <= 0;
        overlap.looked(before, now, atOnce && atSource && atDestination);
        if (atSource) {
          sourceBeats = sourceBeats.and(now);
        }
        if (atDestination) {
          destinationBeats = destinationBeats.and(now);
        }
        if (destination.pid().isPresent() && !destination.pid().equals(pid)) {
          pid = destination.pid();
          copyBegan = Optional.of(now);
        }
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = Optional.of(e);
    }
  }

  /** How long two copies have run at once so far; zero when no two looks in a row saw it. */
  Duration together() {
    return together(Instant.MIN);
  }

  /** The same from a moment on. */
  Duration together(Instant since) {
    failure.ifPresent(e -> {
      throw new LabFailure("whether two copies ran could not be watched: " + e);
    });
    return overlap.after(since);
  }

  /** When the source's copy was seen to run. */
  Beats source() {
    return sourceBeats;
  }

  /** When the destination's was. */
  Beats destination() {
    return destinationBeats;
  }

  /** When the last QEMU was seen to come up at the destination: a copy is begun with it. */
  Optional<Instant> copyBegan() {
    return copyBegan;
  }

  @Override
  public void close() {
    watcher.interrupt();
    try {
      watcher.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
