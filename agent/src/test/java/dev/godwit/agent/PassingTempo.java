package dev.godwit.agent;

import dev.godwit.core.port.Tempo;
import java.time.Duration;

/** Time that goes on only as a test lets it. */
public final class PassingTempo implements Tempo {
  private long nanos;

  /** So much of it goes by. */
  public void pass(Duration length) {
    nanos += length.toNanos();
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void rest(Duration length) {
    pass(length);
  }

  @Override
  public void park(Duration longest) {
    pass(longest);
  }
}
