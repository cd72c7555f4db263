package dev.godwit.agent.file;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes away, again and again, what was made for a plan and was not asked to go. */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration ROUND = Duration.ofSeconds(30);

  private final SharedProof proofs;
  private final Tempo tempo;
  private final Thread rounds = Thread.ofVirtual().name("sweeper").unstarted(this::rounds);

  public Sweeper(SharedProof proofs, Tempo tempo) {
    this.proofs = proofs;
    this.tempo = tempo;
  }

  /** Begins, and goes on doing so. */
  public void start() {
    rounds.start();
  }

  private void rounds() {
    try {
      while (true) {
        sweep();
        tempo.rest(ROUND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sweep() {
    try {
      proofs.sweep();
    } catch (FileTrouble e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("what a plan left cannot be swept");
    }
  }

  @Override
  public void close() {
    rounds.interrupt();
  }
}
