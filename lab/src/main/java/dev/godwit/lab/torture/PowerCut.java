package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import java.time.Instant;
import java.util.Optional;

/** The power of a host goes: its libvirtd, its agent, every QEMU on it. */
final class PowerCut implements Strike {
  private final Lab lab;
  private final String host;
  private boolean hit;

  PowerCut(Lab lab, String host) {
    this.lab = lab;
    this.host = host;
  }

  @Override
  public Optional<Instant> deliver() {
    lab.kill(host, "host");
    hit = true;
    return Optional.of(Instant.now());
  }

  /** It is switched on again, with its agent. */
  @Override
  public void undo() {
    if (hit) {
      lab.start(host, "host");
    }
  }

  @Override
  public void close() {}
}
