package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.RecordedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Kills or stops one of the lab's processes. */
final class ProcessStrike implements Strike {
  private static final Duration END = Duration.ofSeconds(10);

  private final Lab lab;
  private final Place place;
  private final RecordedProcess process;
  private final boolean kill;
  private final Trigger trigger;

  /** A process of the lab, as the lab's commands name it. */
  record Place(String host, String daemon) {}

  ProcessStrike(Lab lab, Place place, boolean kill) {
    this.lab = lab;
    this.place = place;
    this.kill = kill;
    this.process =
        lab.process(place.host(), place.daemon())
            .orElseThrow(
                () -> new LabFailure(place.daemon() + " of " + place.host() + " does not run"));
    this.trigger =
        new Trigger(List.of("kill", kill ? "-KILL" : "-STOP", Long.toString(process.pid())));
  }

  @Override
  public Optional<Instant> deliver() {
    return Optional.of(trigger.pull());
  }

  @Override
  public void undo() {
    if (kill) {
      Await.until("the killed process to be gone", END, () -> !process.lives());
      lab.start(place.host(), place.daemon());
    } else {
      process.signal("CONT");
    }
  }

  @Override
  public void close() {
    trigger.close();
  }
}
