package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.Argv;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes every byte of a host's own directory, which was given an end before; it keeps that end
 * until the guest is not there.
 */
final class FullDisk implements Strike {
  private static final long SIZE = 40L << 20;
  private static final String EATEN = "/srv/local/eaten";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Lab lab;
  private final String host;
  private final Trigger trigger;

  FullDisk(Lab lab, String host) {
    this.lab = lab;
    this.host = host;
    // The end that an earlier case gave it stayed while the guest was there.
    lab.unlimitLocalDisk(host);
    lab.limitLocalDisk(host, SIZE);
    this.trigger =
        new Trigger(lab.inside(host, List.of("dd", "if=/dev/zero", "of=" + EATEN, "bs=1M")));
  }

  @Override
  public Optional<Instant> deliver() {
    return Optional.of(trigger.pull());
  }

  @Override
  public void undo() {
    Argv.must(PATIENCE, lab.inside(host, List.of("rm", "-f", EATEN)));
  }

  @Override
  public void close() {
    trigger.close();
  }
}
