package dev.godwit.agent.act;

import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.Optional;

/** Watches jobs to their end. Nothing is concluded while libvirt is silent. */
final class JobWatch {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final Witness witness;
  private final Tempo tempo;
  private volatile boolean closed;

  JobWatch(Witness witness, Tempo tempo) {
    this.witness = witness;
    this.tempo = tempo;
  }

  /** True when the job lives, false when it is over; empty when the agent stops. */
  Optional<Boolean> lives(Note note) {
    while (!closed) {
      if (witness.look(note) instanceof HostView.Seen(var _, GuestView guest, var _)) {
        return Optional.of(
            guest instanceof GuestView.Active active && active.job() != JobView.NONE);
      }
      pause();
    }
    return Optional.empty();
  }

  /** True when the job was seen to be over, or the domain gone; false when the agent stops. */
  boolean awaitEnd(Note note) {
    Optional<Boolean> lives = lives(note);
    while (lives.orElse(false)) {
      pause();
      lives = lives(note);
    }
    return lives.isPresent();
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  private void pause() {
    try {
      tempo.rest(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
    }
  }
}
