package dev.godwit.simulation.libvirt;

import dev.godwit.simulation.time.Timeline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The connection that a source's daemon holds to a destination's for one move. */
final class Peering {
  /** libvirt's keep-alive: 5 s × (5 + 1). */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Libvirtd source;
  private final Libvirtd destination;
  private final Timeline timeline;
  private boolean closed;

  /** No answer is to be had any more; whether the other side did it, nobody knows. */
  static final class Lost extends Exception {
    private static final long serialVersionUID = 1L;

    Lost(String why) {
      super(why);
    }
  }

  private static final class Answer<T> {
    private @Nullable T value;
    private boolean there;
  }

  private Peering(Libvirtd source, Libvirtd destination) {
    this.source = source;
    this.destination = destination;
    this.timeline = source.host().ground().timeline();
  }

  static Peering open(Libvirtd source, String uri) throws Lost, InterruptedException {
    Libvirtd destination =
        source
            .host()
            .ground()
            .peers()
            .at(uri)
            .map(SimulatedHost::daemon)
            .orElseThrow(() -> new Lost("unable to connect to server at '" + uri + "'"));
    Peering fresh = new Peering(source, destination);
    if (!destination.alive()) {
      throw new Lost("unable to connect to server: Connection refused");
    }
    fresh.call(daemon -> true);
    return fresh;
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  Libvirtd destination() {
    return destination;
  }

  private boolean linked() {
    return source.host().ground().peers().linked(source.host().name(), destination.host().name());
  }

  /** Has the destination do that and waits for its answer, as long as the connection holds. */
  <T> T call(Function<Libvirtd, T> work) throws Lost, InterruptedException {
    Answer<T> answer = new Answer<>();
    Thread caller = Thread.currentThread();
    send(() -> arrived(work, answer, caller));
    long heard = timeline.nanos();
    while (!answer.there) {
      source.process().tempo().park(LOOK);
      if (!destination.alive() && linked()) {
        closed = true;
      }
      if (destination.answers() && linked()) {
        heard = timeline.nanos();
      } else if (timeline.nanos() - heard >= KEEP_ALIVE.toNanos()) {
        closed = true;
      }
      if (closed && !answer.there) {
        throw new Lost("Cannot recv data: the connection to the destination is gone");
      }
    }
    return Optional.ofNullable(answer.value).orElseThrow(() -> new Lost("no answer"));
  }

  private <T> void arrived(Function<Libvirtd, T> work, Answer<T> answer, Thread caller) {
    destination
        .process()
        .run(
            "peer-call",
            () -> {
              T value = work.apply(destination);
              send(() -> {
                answer.value = value;
                answer.there = true;
                LockSupport.unpark(caller);
              });
            });
  }

  /** TCP: it waits while the link is cut, and is gone with the connection. */
  private void send(Runnable arrival) {
    timeline.after(
        source.host().between(100, 2_000),
        () -> {
          if (closed) {
            return;
          }
          if (linked()) {
            arrival.run();
          } else {
            timeline.after(LOOK, () -> send(arrival));
          }
        });
  }

  /** In the destination's daemon: whether it gave the source's up. */
  boolean lostByDestination(long silentSinceNanos) {
    if (closed || (!source.alive() && linked())) {
      closed = true;
      return true;
    }
    return timeline.nanos() - silentSinceNanos >= KEEP_ALIVE.toNanos();
  }

  boolean sourceIsHeard() {
    return source.answers() && linked();
  }
}
