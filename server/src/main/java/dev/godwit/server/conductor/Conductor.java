package dev.godwit.server.conductor;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Hosts;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases migrations and keeps a course for each. Whatever is not over and belongs to nobody is
 * taken up: after a crash of a server, and after a course that failed.
 */
public final class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final int MOST_COURSES = 500;

  private final String server;
  private final Migrations migrations;
  private final Clock clock;
  private final Crew crew;
  private final Map<MigrationId, Running> running = new ConcurrentHashMap<>();
  private final List<Consumer<MigrationId>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private record Running(Course course, Thread thread) {}

  public Conductor(
      String server,
      Migrations migrations,
      Instances instances,
      Actions actions,
      Fleet fleet,
      Hosts hosts,
      DestinationSearch search,
      Sightings sightings,
      Clock clock) {
    this.server = server;
    this.migrations = migrations;
    this.clock = clock;
    this.crew =
        new Crew(
            migrations, instances, actions, fleet, hosts, search, sightings, clock, this::changed);
  }

  /** Takes up what is under way, and goes on doing so. */
  public void start() {
    Thread.ofVirtual().name("conductor").start(this::rounds);
  }

  private void rounds() {
    while (!closed) {
      try {
        round();
        Thread.sleep(ROUND);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.error("a round failed", e);
      }
    }
  }

  private void round() {
    running.values().removeIf(it -> !it.thread.isAlive());
    for (MigrationRow row : migrations.underWay()) {
      Migration migration = row.migration();
      Running known = running.get(migration.id());
      if (known == null) {
        take(migration.id());
      } else {
        migrations.renew(migration.id(), migration.epoch(), LEASE, clock.instant());
      }
    }
  }

  /** A new migration, or a wish for one: go on now. */
  public void wake(MigrationId id) {
    Running known = running.get(id);
    if (known != null && known.thread.isAlive()) {
      known.course.wake(new Course.Sight(Optional.empty(), HostView.NOT_LOOKED));
    } else {
      take(id);
    }
  }

  private synchronized void take(MigrationId id) {
    Running known = running.get(id);
    if (closed || running.size() >= MOST_COURSES || (known != null && known.thread.isAlive())) {
      return;
    }
    migrations
        .lease(id, server, LEASE, clock.instant())
        .ifPresent(migration -> {
          Course course = new Course(crew, migration);
          Thread thread =
              Thread.ofVirtual().name("migration-" + migration.number()).unstarted(course);
          running.put(id, new Running(course, thread));
          thread.start();
        });
  }

  /** An agent reported what a migration's guest looks like. */
  public void seen(HostName host, MigrationId migration, HostView view) {
    Running known = running.get(migration);
    if (known != null) {
      known.course.wake(new Course.Sight(Optional.of(host), view));
    }
  }

  /** Tells whenever a migration's record changed, until what is returned runs. */
  public Runnable listen(Consumer<MigrationId> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void changed(Migration migration) {
    listeners.forEach(listener -> listener.accept(migration.id()));
    if (migration.phase().over()) {
      // A newer move of the same instance may be waiting for this one.
      migrations.of(migration.instance()).stream()
          .filter(row -> !row.migration().phase().over())
          .forEach(row -> wake(row.migration().id()));
    }
  }

  @Override
  public void close() {
    closed = true;
    running.values().forEach(it -> it.thread.interrupt());
  }
}
