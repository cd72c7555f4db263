package dev.godwit.server.leftovers;

import dev.godwit.core.port.Tempo;
import dev.godwit.server.leftovers.Leftovers.Outcome;
import dev.godwit.server.leftovers.Leftovers.Removed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away, now and then, what is proven to be left, and says how much there is that nobody may
 * take on a guess. Several servers may sweep at once: each removal is an order that is fenced and
 * proven anew.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final Leftovers leftovers;
  private final Duration interval;
  private final BooleanSupplier awake;
  private final Tempo tempo;
  private final Thread rounds = Thread.ofVirtual().name("sweeper").unstarted(this::rounds);
  private volatile boolean closed;
  private int told;

  /**
   * A sweeper that rests first.
   *
   * @param interval between two rounds; zero for never
   * @param awake false while this server may have been struck off
   */
  public Sweeper(Leftovers leftovers, Duration interval, BooleanSupplier awake, Tempo tempo) {
    this.leftovers = leftovers;
    this.interval = interval;
    this.awake = awake;
    this.tempo = tempo;
  }

  /** Begins. */
  public void start() {
    if (interval.isPositive()) {
      rounds.start();
    }
  }

  private void rounds() {
    while (!closed) {
      try {
        tempo.rest(interval);
        if (awake.getAsBoolean()) {
          tell(leftovers.remove(Optional.empty()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("nothing is swept yet");
      }
    }
  }

  private void tell(Removed removed) {
    for (Outcome outcome : removed.outcomes()) {
      LOG.atInfo()
          .addKeyValue("host", outcome.leftover().host())
          .addKeyValue("name", outcome.leftover().trace().name())
          .addKeyValue("kept", outcome.kept().orElse(""))
          .log(outcome.kept().isEmpty() ? "a leftover is removed" : "a leftover stays");
    }
    if (removed.kept() == told || !removed.unseen().isEmpty()) {
      return;
    }
    told = removed.kept();
    if (told > 0) {
      LOG.atWarn()
          .addKeyValue("count", told)
          .log("leftovers that nobody may remove on a guess; see them with: godwit leftovers");
    }
  }

  @Override
  public void close() {
    closed = true;
    rounds.interrupt();
  }
}
