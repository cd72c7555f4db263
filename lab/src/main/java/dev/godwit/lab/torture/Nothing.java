package dev.godwit.lab.torture;

import java.time.Instant;
import java.util.Optional;

/** No harm at all. */
final class Nothing implements Strike {
  @Override
  public Optional<Instant> deliver() {
    return Optional.empty();
  }

  @Override
  public void undo() {}

  @Override
  public void close() {}
}
