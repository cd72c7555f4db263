package dev.godwit.wire;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The machine's own time. */
public final class MachineTempo implements Tempo {
  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void rest(Duration length) throws InterruptedException {
    Thread.sleep(length);
  }

  @Override
  public void park(Duration longest) {
    LockSupport.parkNanos(this, longest.toNanos());
  }
}
