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
import java.util.stream.Stream;

/**
 * Progress of migrations: the latest in memory, one now and then in the database, the rarer the
 * longer a copy goes on.
 */
public final class Samples {
  private static final int MOST_MIGRATIONS = 200;
  private static final int MOST_SAMPLES = 2_000;
  private static final Duration STORED_EACH = Duration.ofSeconds(5);
  private static final int STORED_IN_THE_SAME_TIME_AGAIN = 100;

  private final Migrations migrations;
  private final History history;
  private final Clock clock;
  private final Map<MigrationId, Series> series =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MigrationId, Series> eldest) {
          return size() > MOST_MIGRATIONS;
        }
      };

  private static final class Series {
    final ArrayDeque<MigrationSample> samples = new ArrayDeque<>();
    Instant storedAt = Instant.MIN;
  }

  public Samples(Migrations migrations, History history, Clock clock) {
    this.migrations = migrations;
    this.history = history;
    this.clock = clock;
  }

  /** Takes a sample in. */
  public void add(MigrationId migration, MigrationSample sample) {
    boolean store;
    Instant now = clock.instant();
    synchronized (this) {
      Series of = series.computeIfAbsent(migration, id -> new Series());
      if (of.samples.size() >= MOST_SAMPLES) {
        of.samples.removeFirst();
      }
      of.samples.addLast(sample);
      store =
          sample.downtimeMs().isPresent()
              || of.storedAt.equals(Instant.MIN)
              || Duration.between(of.storedAt, now).compareTo(storedEach(sample)) >= 0;
      if (store) {
        of.storedAt = now;
      }
    }
    if (store) {
      migrations.sampled(migration, sample, now);
    }
  }

  /** However long a copy goes on, some hundreds are stored. */
  private static Duration storedEach(MigrationSample sample) {
    Duration share = Duration.ofMillis(sample.elapsedMs() / STORED_IN_THE_SAME_TIME_AGAIN);
    return share.compareTo(STORED_EACH) > 0 ? share : STORED_EACH;
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
}
