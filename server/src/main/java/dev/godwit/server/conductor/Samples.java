package dev.godwit.server.conductor;

import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress of migrations: the latest in memory, one now and then in the database, the rarer the
 * longer a copy goes on. They are written aside: no news of an agent waits for the disk.
 */
public final class Samples implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Samples.class);

  /** More than one server has under way; a series that falls out is stored a little too often. */
  private static final int MOST_MIGRATIONS = 1_000;

  private static final int MOST_SAMPLES = 240;
  private static final int MOST_TO_WRITE = 1_000;
  private static final Duration STORED_EACH = Duration.ofSeconds(5);
  private static final int STORED_IN_THE_SAME_TIME_AGAIN = 100;
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration FORGET_EACH = Duration.ofHours(1);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Migrations migrations;
  private final History history;
  private final Supplier<String> server;
  private final Clock clock;
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_TO_WRITE),
          Thread.ofVirtual().name("samples").factory(),
          // With a disk that slow, the next one will do.
          new ThreadPoolExecutor.DiscardPolicy());
  private final Map<MigrationId, Series> series =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MigrationId, Series> eldest) {
          return size() > MOST_MIGRATIONS;
        }
      };

  private Instant forgotAt; // the writer's own

  private static final class Series {
    final ArrayDeque<MigrationSample> samples = new ArrayDeque<>();
    Instant storedAt = Instant.MIN;
  }

  /**
   * @param server the incarnation of this server, which writes those of its own migrations
   */
  public Samples(Migrations migrations, History history, Supplier<String> server, Clock clock) {
    this.migrations = migrations;
    this.history = history;
    this.server = server;
    this.clock = clock;
    this.forgotAt = clock.instant();
  }

  /** Takes a sample in; does not wait. */
  public void add(MigrationId migration, MigrationSample sample) {
    Instant now = clock.instant();
    if (remember(migration, sample, now)) {
      writer.execute(() -> store(migration, sample, now));
    }
  }

  /** True when this one is to be stored. */
  private synchronized boolean remember(
      MigrationId migration, MigrationSample sample, Instant now) {
    Series of = series.computeIfAbsent(migration, id -> new Series());
    if (of.samples.size() >= MOST_SAMPLES) {
      of.samples.removeFirst();
    }
    of.samples.addLast(sample);
    boolean due =
        sample.downtimeMs().isPresent()
            || of.storedAt.equals(Instant.MIN)
            || Duration.between(of.storedAt, now).compareTo(storedEach(sample)) >= 0;
    if (due) {
      of.storedAt = now;
    }
    return due;
  }

  /** However long a copy goes on, some hundreds are stored. */
  private static Duration storedEach(MigrationSample sample) {
    Duration share = Duration.ofMillis(sample.elapsedMs() / STORED_IN_THE_SAME_TIME_AGAIN);
    return share.compareTo(STORED_EACH) > 0 ? share : STORED_EACH;
  }

  private void store(MigrationId migration, MigrationSample sample, Instant now) {
    try {
      migrations.sampled(migration, server.get(), sample, now);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("a copy's progress is not stored");
    }
    if (Duration.between(forgotAt, now).compareTo(FORGET_EACH) >= 0) {
      forgotAt = now;
      forget(now);
    }
  }

  private void forget(Instant now) {
    try {
      history.forget(now.minus(KEPT));
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the story of old migrations is not forgotten yet");
    }
  }

  /** The latest of a migration. */
  public synchronized Optional<MigrationSample> latest(MigrationId migration) {
    return Optional.ofNullable(series.get(migration)).map(of -> of.samples.peekLast());
  }

  /** What is known of a migration, oldest first: of the time before this server, less. */
  public List<MigrationSample> of(MigrationId migration) {
    List<MigrationSample> remembered = remembered(migration);
    Instant since = remembered.isEmpty() ? Instant.MAX : remembered.getFirst().at();
    return Stream.concat(
            history.samples(migration).stream().filter(it -> it.at().isBefore(since)),
            remembered.stream())
        .toList();
  }

  private synchronized List<MigrationSample> remembered(MigrationId migration) {
    Series of = series.get(migration);
    return of == null ? List.of() : new ArrayList<>(of.samples);
  }

  /** Writes what is still to be written, for a short while. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
