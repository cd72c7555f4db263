package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import java.time.Instant;
import java.util.Optional;

/** Cuts a link of the management network. */
final class LinkCut implements Strike {
  private final Lab lab;
  private final String one;
  private final String other;

  LinkCut(Lab lab, String one, String other) {
    this.lab = lab;
    this.one = one;
    this.other = other;
  }

  @Override
  public Optional<Instant> deliver() {
    lab.cut(one, other);
    return Optional.of(Instant.now());
  }

  @Override
  public void undo() {
    lab.heal();
  }

  @Override
  public void close() {}
}
