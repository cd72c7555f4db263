package dev.godwit.lab.torture;

import java.time.Instant;
import java.util.Optional;

/** Harm that is ready to be done, once, and how it is undone. */
interface Strike extends AutoCloseable {
  /** Does it; when that was, or empty when there was nothing to be hit. */
  Optional<Instant> deliver();

  /** Starts again what was killed, continues what was stopped, mends what was cut. */
  void undo();

  /** Lets go what was made ready. */
  @Override
  void close();
}
