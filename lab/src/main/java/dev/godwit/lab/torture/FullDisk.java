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

  /** In large bites, and then in small ones: what a large one leaves is enough for empty disks. */
  private static final String EAT =
      "dd if=/dev/zero of=\"$1\" bs=1M; dd if=/dev/zero of=\"$1\" bs=512 oflag=append conv=notrunc";

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
    this.trigger = new Trigger(lab.inside(host, List.of("sh", "-c", EAT, "sh", EATEN)));
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
