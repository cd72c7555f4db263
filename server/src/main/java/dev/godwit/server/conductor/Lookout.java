package dev.godwit.server.conductor;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a course sees of its two hosts: what it asks for, and what agents report by themselves. Used
 * by the course's thread alone, but for {@link #wake} and {@link #seen}.
 */
final class Lookout {
  private static final int MOST_NEWS = 64;
  private static final News LOOK_NOW = new News(Optional.empty(), HostView.NOT_LOOKED);

  /** An older view of the source says nothing of a source that libvirt may resume by itself. */
  private static final Duration FRESH = Duration.ofSeconds(3);

  private final Eyes eyes;
  private final Notes notes;
  private final Tempo tempo;
  private final BlockingQueue<News> queue = new ArrayBlockingQueue<>(MOST_NEWS);
  private Optional<Views> last = Optional.empty();
  private volatile Optional<SourceView> sourceSeen = Optional.empty();
  private long unchangedSince;
  private boolean missed;
  private volatile @Nullable Thread waiting;

  /** The host is empty when nothing is reported but that it is time to look. */
  private record News(Optional<HostName> host, HostView view) {}

  private record Views(HostView source, HostView destination) {
    /** The same guests, whenever they were looked at. */
    boolean sameAs(Views other) {
      return guest(source).equals(guest(other.source))
          && guest(destination).equals(guest(other.destination));
    }

    private static List<Object> guest(HostView view) {
      return switch (view) {
        case HostView.Unknown _ -> List.of();
        case HostView.Fenced fenced -> List.of(fenced);
        case HostView.Seen seen -> List.of(seen.guest(), seen.transfer());
      };
    }
  }

  /** When the source's answer came, by this process's clock. */
  private record SourceView(HostView view, long atNanos) {}

  /** Who looks at a host, {@link HostView.Unknown} when it does not answer. */
  interface Eyes {
    HostView observe(HostName host, Migration migration);
  }

  /** Who keeps for people what was seen. */
  interface Notes {
    void add(MigrationId migration, HostName host, HostView view);
  }

  Lookout(Eyes eyes, Notes notes, Tempo tempo) {
    this.eyes = eyes;
    this.notes = notes;
    this.tempo = tempo;
  }

  /** Something happened: look now. */
  void wake() {
    add(LOOK_NOW);
  }

  /** An agent reported what a host holds. */
  void seen(HostName host, HostView view) {
    add(new News(Optional.of(host), view));
  }

  private void add(News news) {
    // A full queue is full of reasons to look, which is all that one more would be.
    boolean _ = queue.offer(news);
    LockSupport.unpark(waiting);
  }

  /** Drops what was reported: nothing of it matters in this phase. */
  void drop() {
    queue.clear();
  }

  /** What was seen so far is of an earlier phase. */
  void forget() {
    last = Optional.empty();
    sourceSeen = Optional.empty();
  }

  /**
   * Looks at both hosts. Sooner it answers with a destination's own report, when that and a source
   * that was seen just now are enough: a source may be silent for as long as its QEMU hands over.
   */
  Observation look(Migration migration, StepReply reply, Predicate<Observation> enough)
      throws InterruptedException {
    for (News news = queue.poll(); news != null; news = queue.poll()) {
      Optional<Observation> reported = reported(migration, news, reply).filter(enough);
      if (reported.isPresent()) {
        return reported.get();
      }
    }
    CompletableFuture<Views> looking = begin(migration);
    while (!looking.isDone()) {
      // The end of the look is put there, too.
      News news = queue.take();
      missed |= !looking.isDone();
      Optional<Observation> reported = reported(migration, news, reply).filter(enough);
      if (reported.isPresent()) {
        return reported.get();
      }
    }
    return looked(migration, looking.join(), reply);
  }

  private Optional<Observation> reported(Migration migration, News news, StepReply reply) {
    if (!news.host().equals(Optional.of(migration.destination()))) {
      return Optional.empty();
    }
    note(migration, migration.destination(), news.view());
    return sourceSeen
        .filter(source -> tempo.nanoTime() - source.atNanos() < FRESH.toNanos())
        .map(source -> observation(source.view(), news.view(), Duration.ZERO, reply));
  }

  private Observation looked(Migration migration, Views views, StepReply reply) {
    note(migration, migration.source(), views.source);
    note(migration, migration.destination(), views.destination);
    return observation(views.source, views.destination, unchangedFor(views), reply);
  }

  private CompletableFuture<Views> begin(Migration migration) {
    CompletableFuture<HostView> source =
        look(migration, migration.source())
            .thenApply(view -> {
              sourceSeen = Optional.of(new SourceView(view, tempo.nanoTime()));
              return view;
            });
    CompletableFuture<HostView> destination = look(migration, migration.destination());
    CompletableFuture<Views> both = source.thenCombine(destination, Views::new);
    var _ = both.whenComplete((views, failure) -> wake());
    return both;
  }

  private CompletableFuture<HostView> look(Migration migration, HostName host) {
    return CompletableFuture.supplyAsync(
        () -> eyes.observe(host, migration), Thread::startVirtualThread);
  }

  private static Observation observation(
      HostView source, HostView destination, Duration unchangedFor, StepReply reply) {
    return new Observation(source, destination, unchangedFor, Optional.empty(), reply, false);
  }

  private void note(Migration migration, HostName host, HostView view) {
    notes.add(migration.id(), host, view);
  }

  private Duration unchangedFor(Views views) {
    long now = tempo.nanoTime();
    boolean same = last.map(before -> before.sameAs(views)).orElse(false);
    last = Optional.of(views);
    if (!same) {
      unchangedSince = now;
    }
    return Duration.ofNanos(now - unchangedSince);
  }

  /** Returns when it is time to look again, or something was reported. */
  void await(Duration lookAgain) throws InterruptedException {
    if (missed) {
      missed = false;
      return;
    }
    long until = tempo.nanoTime() + lookAgain.toNanos();
    waiting = Thread.currentThread();
    try {
      long left = lookAgain.toNanos();
      while (queue.isEmpty() && left > 0) {
        tempo.park(Duration.ofNanos(left));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        left = until - tempo.nanoTime();
      }
    } finally {
      waiting = null;
    }
  }
}
