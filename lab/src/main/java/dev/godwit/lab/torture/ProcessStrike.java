package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.RecordedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Kills or stops one of the lab's processes. */
final class ProcessStrike implements Strike {
  private static final int AGENT_PORT = 8776;
  private static final Duration START = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofSeconds(10);

  private final Lab lab;
  private final Kernel kernel;
  private final Place place;
  private final boolean kill;
  private RecordedProcess process;
  private boolean hit;

  /** A process of the lab, as the lab's commands name it. */
  record Place(String host, String daemon) {}

  ProcessStrike(Lab lab, Kernel kernel, Place place, boolean kill) {
    this.lab = lab;
    this.kernel = kernel;
    this.place = place;
    this.kill = kill;
    this.process =
        lab.process(place.host(), place.daemon())
            .orElseThrow(
                () -> new LabFailure(place.daemon() + " of " + place.host() + " does not run"));
  }

  @Override
  public Optional<Instant> deliver() {
    if (!process.lives()) {
      // The case's way may have had it killed, and started again.
      process = lab.process(place.host(), place.daemon()).orElse(process);
    }
    hit = process.lives() && (kill ? kernel.kill(process.pid()) : kernel.stop(process.pid()));
    return hit ? Optional.of(Instant.now()) : Optional.empty();
  }

  @Override
  public void undo() {
    if (!kill) {
      // nsenter, which started it, stops with its child, and would never take note of its end.
      process.parent().ifPresent(it -> it.signal("CONT"));
      process.signal("CONT");
    } else if (hit) {
      Await.until("the killed process to be gone", END, () -> !process.lives());
      lab.start(place.host(), place.daemon());
      if (place.daemon().equals("agent")) {
        awaitAgent();
      }
    }
  }

  /** The others are waited for by whoever starts them. */
  private void awaitAgent() {
    Await.until(
        "the agent to listen",
        START,
        () ->
            lab.process(place.host(), place.daemon())
                .map(it -> it.listens(AGENT_PORT))
                .orElseThrow(() -> new LabFailure("the agent of " + place.host() + " ended")));
  }

  @Override
  public void close() {}
}
