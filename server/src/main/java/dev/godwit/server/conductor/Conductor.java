package dev.godwit.server.conductor;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.OneByOne;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases migrations and keeps a course for each. Whatever is not over and belongs to nobody is
 * taken up: after a crash of a server, and after a course that failed.
 */
public final class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final int MOST_COURSES = 500;

  private final Supplier<String> server;
  private final Migrations migrations;
  private final Fleet fleet;
  private final Tempo tempo;
  private final Crew crew;
  private final Map<MigrationId, Running> running = new ConcurrentHashMap<>();
  private final List<Consumer<MigrationId>> listeners = new CopyOnWriteArrayList<>();
  private final OneByOne<MigrationId> each = OneByOne.telling(Conductor::tell);
  private final ReentrantLock taking = new ReentrantLock();
  private final Thread rounds = Thread.ofVirtual().name("conductor").unstarted(this::rounds);
  private volatile boolean closed;

  /** As which incarnation it was taken. */
  private record Running(Course course, Thread thread, String server) {}

  /**
   * A conductor.
   *
   * @param server the incarnation of this server, which owns what it takes
   */
  public Conductor(
      Supplier<String> server,
      Migrations migrations,
      Instances instances,
      Field field,
      Sightings sightings,
      Clock clock,
      Tempo tempo) {
    this.server = server;
    this.migrations = migrations;
    this.fleet = field.fleet();
    this.tempo = tempo;
    this.crew =
        new Crew(
            migrations,
            instances,
            fleet,
            field.hosts(),
            field.search(),
            sightings,
            field.patience(),
            field.rules(),
            clock,
            tempo,
            this::changed);
  }

  /** Where migrations take place, how long their copies may take, and what decides. */
  public record Field(
      Fleet fleet, Hosts hosts, DestinationSearch search, Patience patience, Rules rules) {}

  /** Takes up what is under way, and goes on doing so. */
  public void start() {
    rounds.start();
  }

  private void rounds() {
    while (!closed) {
      try {
        tempo.rest(round() ? ROUND : SOON);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (DatabaseTrouble e) {
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("nothing is taken up yet");
        pause();
      } catch (RuntimeException e) {
        LOG.error("a round failed", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      tempo.rest(ROUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when something waits for its hosts to be heard. */
  private boolean round() {
    boolean all = true;
    running.values().removeIf(it -> !it.thread.isAlive());
    String now = server.get();
    List<Migrations.UnderWay> found = migrations.underWay(now);
    boolean some = found.stream().anyMatch(it -> !it.awaited().isEmpty());
    Set<HostName> dead = some ? fleet.fenced().keySet() : Set.of();
    for (Migrations.UnderWay migration : found) {
      if (migration.awaited().isEmpty() || !dead.containsAll(migration.awaited())) {
        all &= each.attempt(migration.id(), () -> attend(migration, now)).orElse(true);
      }
    }
    each.keepOnly(found.stream().map(Migrations.UnderWay::id).toList());
    return all;
  }

  private static void tell(MigrationId id, RuntimeException why) {
    LOG.atError()
        .addKeyValue("migration", id)
        .setCause(why)
        .log("a migration cannot be taken up, and nobody looks after its guest");
  }

  private boolean attend(Migrations.UnderWay migration, String now) {
    Running known = running.get(migration.id());
    if (known != null && known.server.equals(now)) {
      known.course.wished(migration.wishes());
      return true;
    }
    if (known != null) {
      // Taken before this server was struck off: it begins anew, as it would elsewhere.
      known.thread.interrupt();
      return false;
    }
    boolean begins = mayBegin(migration);
    if (begins) {
      take(migration.id());
    }
    return begins;
  }

  /** After a start the hosts get their time to announce themselves before their silence counts. */
  private boolean mayBegin(Migrations.UnderWay migration) {
    return fleet.mayJudge(migration.source())
        && migration.destination().map(fleet::mayJudge).orElse(true);
  }

  /** A new migration, or a wish for one: go on now. */
  public void wake(MigrationId id) {
    Running known = running.get(id);
    if (known != null && known.thread.isAlive()) {
      known.course.wake();
    } else {
      migrations
          .find(id)
          .map(row ->
              new Migrations.UnderWay(
                  id,
                  row.migration().source(),
                  row.destination(),
                  row.migration().wishes(),
                  Set.of()))
          .filter(this::mayBegin)
          .ifPresent(migration -> take(migration.id()));
    }
  }

  private void take(MigrationId id) {
    taking.lock();
    try {
      takeUnlessTaken(id);
    } finally {
      taking.unlock();
    }
  }

  private void takeUnlessTaken(MigrationId id) {
    Running known = running.get(id);
    if (closed || running.size() >= MOST_COURSES || (known != null && known.thread.isAlive())) {
      return;
    }
    String owner = server.get();
    migrations
        .lease(id, owner, crew.clock().instant())
        .ifPresent(migration -> {
          Course course = new Course(crew, migration);
          Thread thread =
              Thread.ofVirtual().name("migration-" + migration.number()).unstarted(course);
          running.put(id, new Running(course, thread, owner));
          thread.start();
        });
  }

  /** A host is there again: whatever waits for it looks now. */
  public void heard(HostName host) {
    running.values().forEach(it -> it.course.heard(host));
  }

  /** An agent reported what a migration's guest looks like. */
  public void seen(HostName host, MigrationId migration, HostView view) {
    Running known = running.get(migration);
    if (known != null) {
      known.course.seen(host, view);
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

  /** Ends every course where it stands, and waits until they have; the record tells the rest. */
  @Override
  public void close() {
    taking.lock();
    try {
      closed = true;
    } finally {
      taking.unlock();
    }
    rounds.interrupt();
    running.values().forEach(it -> it.thread.interrupt());
    farewell(rounds);
    running.values().forEach(it -> farewell(it.thread));
  }

  private static void farewell(Thread thread) {
    try {
      if (thread.getState() != Thread.State.NEW && !thread.join(FAREWELL)) {
        LOG.atWarn().addKeyValue("thread", thread.getName()).log("left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
