package dev.godwit.server.replica;

import dev.godwit.core.port.Tempo;
import dev.godwit.server.store.DatabaseRefused;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Servers;
import dev.godwit.server.store.Servers.Beat;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server among those of its database. It renews its own lease, which is on all that it owns,
 * and strikes off those whose lease has ended: what they owned is free then, and their orders and
 * changes are refused once somebody took it, for whoever takes has a newer epoch.
 *
 * <p>No clock of another machine is trusted: a lease has ended when this process, by its own
 * monotonic clock, saw it unrenewed for its whole length. A clock that jumps, or a process that
 * stands still, at most brings about a takeover that was not needed.
 */
public final class Presence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  /** How often it is renewed, and how often others are looked at. */
  static final Duration BEAT = Duration.ofMillis(500);

  /**
   * Of the 5 seconds in which a move goes on after a process was killed, its owner's lease takes 3,
   * the look that finds it ended half a one, the conductor's next round another half; the last one
   * is for looking at the hosts. Six renewals have to fail before a lease ends: a pause of a
   * garbage collector, or a slow disk of the database, costs less.
   */
  static final Duration LEASE = Duration.ofSeconds(3);

  private static final Duration LONGEST_GAP = BEAT.multipliedBy(3);
  private static final int MOST_EVICTIONS = 3;

  private final String name;
  private final Servers servers;
  private final Supplier<String> fresh;
  private final Tempo tempo;
  private final Beats beats = new Beats(LEASE, LONGEST_GAP);
  private final Thread rounds = Thread.ofVirtual().name("presence").unstarted(this::rounds);
  private volatile String incarnation = "";
  private volatile long renewedAt;
  private volatile boolean closed;
  private String trouble = "";

  /**
   * A server that is not listed yet.
   *
   * @param fresh ids for its incarnations, each another one
   */
  public Presence(String name, Servers servers, Supplier<String> fresh, Tempo tempo) {
    this.name = name;
    this.servers = servers;
    this.fresh = fresh;
    this.tempo = tempo;
  }

  /** The owner of what this server takes; empty, and owner of nothing, while it is not listed. */
  public String incarnation() {
    return incarnation;
  }

  /**
   * False for a moment after this process stood still, or could not reach the database: what it
   * hears then may be old, and others may have acted on what came after it.
   */
  public boolean awake() {
    return !incarnation.isEmpty() && tempo.nanoTime() - renewedAt < LONGEST_GAP.toNanos();
  }

  /**
   * Lists this server. An earlier process of its name that lives no more, or stands still for as
   * long as a lease, makes way.
   *
   * @throws DatabaseRefused when another living server has the name
   */
  public void join() {
    for (int evictions = 0; evictions <= MOST_EVICTIONS; evictions++) {
      long since = tempo.nanoTime();
      List<Beat> first = namesakes();
      while (tempo.nanoTime() - since < LEASE.toNanos()) {
        if (servers.holdName(name)) {
          list();
          return;
        }
        List<Beat> now = namesakes();
        if (!now.equals(first)) {
          throw taken();
        }
        if (!rest()) {
          throw taken();
        }
      }
      namesakes().forEach(servers::strikeOff);
      servers.evictName(name);
    }
    throw taken();
  }

  private List<Beat> namesakes() {
    return servers.all().stream().filter(it -> it.name().equals(name)).toList();
  }

  private DatabaseRefused taken() {
    return new DatabaseRefused(
        "server.name: expected a name that no other server of this database has, found %s, which another one that is up has. Give one of them another name."
            .formatted(name));
  }

  private void list() {
    String next = fresh.get();
    servers.join(next, name);
    renewedAt = tempo.nanoTime();
    incarnation = next;
  }

  /** Renews the lease from now on, and looks at the others'. */
  public void start() {
    rounds.start();
  }

  private void rounds() {
    while (!closed) {
      try {
        round();
        told("");
      } catch (DatabaseTrouble e) {
        told("the lease is not renewed: " + e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("a look at the servers failed", e);
      }
      if (!rest()) {
        return;
      }
    }
  }

  private void round() {
    boolean named = servers.holdName(name);
    if (incarnation.isEmpty()) {
      if (named) {
        list();
        LOG.atInfo().addKeyValue("name", name).log("this server is listed again");
      }
      return;
    }
    List<Beat> listed = servers.beat(incarnation);
    List<Beat> others =
        listed.stream().filter(it -> !it.incarnation().equals(incarnation)).toList();
    if (others.size() == listed.size()) {
      LOG.atWarn()
          .addKeyValue("name", name)
          .log("this server stood still or was cut off: others may have taken what it owned");
      incarnation = "";
      return;
    }
    renewedAt = tempo.nanoTime();
    for (Beat ended : beats.look(others, tempo.nanoTime())) {
      if (servers.strikeOff(ended)) {
        LOG.atWarn()
            .addKeyValue("name", ended.name())
            .log("a server does not renew its lease: what it owned is free");
      }
    }
  }

  /** Says it once, not each time. */
  private void told(String what) {
    if (!what.equals(trouble)) {
      trouble = what;
      if (what.isEmpty()) {
        LOG.info("the lease is renewed again");
      } else {
        LOG.atWarn().addKeyValue("why", what).log("not among the servers");
      }
    }
  }

  /** False when there is no time for one. */
  private boolean rest() {
    try {
      tempo.rest(BEAT);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What this server owned may be taken at once. */
  @Override
  public void close() {
    closed = true;
    rounds.interrupt();
    String last = incarnation;
    incarnation = "";
    if (!last.isEmpty()) {
      try {
        servers.leave(last);
      } catch (DatabaseTrouble e) {
        LOG.atInfo().addKeyValue("why", e.getMessage()).log("others wait for the lease's end");
      }
    }
  }
}
