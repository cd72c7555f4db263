package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Watches whether two copies of a guest run at once, by the processor time that their vCPUs use:
 * whatever libvirt and Godwit say.
 */
final class Pulses implements AutoCloseable {
  private static final Duration LOOK_EACH = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Overlap overlap = new Overlap();
  private final List<Pulse> pulses;
  private final Thread watcher;
  private volatile Optional<Throwable> failure = Optional.empty();

  Pulses(Lab lab, String guest) {
    this.pulses = Ground.HOSTS.stream().map(host -> new Pulse(lab.host(host), guest)).toList();
    this.watcher = Thread.ofPlatform().daemon().name("pulses").start(this::watch);
  }

  private void watch() {
    long before = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(LOOK_EACH);
        long beating = pulses.stream().filter(Pulse::beats).count();
        long now = System.nanoTime();
        overlap.looked(Duration.ofNanos(now - before), beating > 1);
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
    failure.ifPresent(e -> {
      throw new LabFailure("whether two copies ran could not be watched: " + e);
    });
    return overlap.total();
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
