package dev.godwit.simulation.store;

import dev.godwit.server.store.Database;
import dev.godwit.simulation.store.SimulatedEngine.Commit;
import dev.godwit.simulation.time.SimulatedProcess;
import dev.godwit.simulation.time.Timeline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** SQLite in memory, one for all servers of a world. */
public final class SimulatedDatabase implements AutoCloseable {
  /** Twice the lease by which servers own what they do. */
  private static final Duration SLOWEST = Duration.ofSeconds(6);

  private static final Duration FASTEST = Duration.ofNanos(20_000);
  private static final Duration USUAL = Duration.ofNanos(300_000);

  /** As long as PostgreSQL lets a transaction stand still. */
  private static final Duration LATEST_COMMIT = Duration.ofSeconds(2);

  /** Per mille of changes of a table that meet others, whatever the weather. */
  private static final int MEETING = 3;

  private final MemoryDatabase memory = MemoryDatabase.take();
  private final Timeline timeline;
  private final RandomGenerator random;
  private final Undecided undecided;
  private final Map<String, SimulatedProcess> names = new HashMap<>();
  private final List<String> misunderstood = new ArrayList<>();
  private final Map<String, Weather> weathers = new HashMap<>();
  private Weather weather = Weather.FAIR;
  private final Map<Met, Long> troubles = new HashMap<>();

  /** What a weather that is not fair does to a transaction. */
  public enum Trouble {
    AWAY,
    REFUSED,
    UNLEARNED,
    SLOW
  }

  private record Met(String thread, Trouble trouble) {}

  /**
   * How it fares, in per mille of transactions.
   *
   * @param failing before the commit, and nothing is changed
   * @param unlearned the commit's answer is lost, whether it was made, is made later, or never
   * @param slow takes longer than a server may be silent
   */
  public record Weather(boolean away, int failing, int unlearned, int slow) {
    public static final Weather FAIR = new Weather(false, 0, 0, 0);
  }

  /**
   * An empty one.
   *
   * @param story is told what happens without anybody's doing
   */
  public SimulatedDatabase(Timeline timeline, RandomGenerator random, Consumer<String> story) {
    this.timeline = timeline;
    this.random = random;
    this.undecided = new Undecided(memory, story);
  }

  /** As a server's process reaches it. */
  public Database of(SimulatedProcess process) {
    Connection session =
        SimulatedEngine.failing(
            memory.connection(),
            this::statement,
            () -> nextCommit(weather(process)),
            () -> rest(process));
    return Database.withTables(
        new SimulatedEngine(
            () -> reached(process, session),
            new SimulatedEngine.NameBook() {
              @Override
              public boolean hold(String server) {
                reach(process);
                SimulatedProcess holder = names.get(server);
                if (holder != null && holder != process && holder.alive()) {
                  return false;
                }
                names.put(server, process);
                return true;
              }

              @Override
              public void evict(String server) {
                reach(process);
                names.remove(server);
              }
            }));
  }

  private Connection reached(SimulatedProcess process, Connection session) {
    rest(process);
    reach(process);
    return session;
  }

  private void reach(SimulatedProcess process) {
    if (weather(process).away) {
      meets(Trouble.AWAY);
      throw new SimulatedEngine.Away();
    }
  }

  /** A server's own, where it has one. */
  private Weather weather(SimulatedProcess process) {
    return weathers.getOrDefault(process.name(), weather);
  }

  private PreparedStatement statement(String sql) throws SQLException {
    Optional<String> table = KeptStatements.changed(sql);
    if (table.isPresent()) {
      if (random.nextInt(1000) < MEETING) {
        throw new SQLException("deadlock detected", SimulatedEngine.AGAIN);
      }
      undecided.awaitedBy(table.get());
    }
    try {
      return memory.statement(sql);
    } catch (SQLException e) {
      misunderstood.add("the database does not understand " + sql + ": " + e.getMessage());
      throw e;
    }
  }

  /** Statements of the servers' that no weather is to blame for. */
  public List<String> misunderstood() {
    return List.copyOf(misunderstood);
  }

  private Commit nextCommit(Weather now) {
    int luck = random.nextInt(1000);
    if (luck < now.failing) {
      meets(Trouble.REFUSED);
      return Commit.REFUSED;
    }
    if (luck < now.failing + now.unlearned) {
      meets(Trouble.UNLEARNED);
      return unlearned();
    }
    return Commit.MADE;
  }

  private Commit unlearned() {
    return switch (random.nextInt(3)) {
      case 0 -> Commit.MADE_UNLEARNED;
      case 1 -> Commit.LOST_UNLEARNED;
      default -> {
        Undecided.Sent sent = undecided.send();
        timeline.after(between(FASTEST, LATEST_COMMIT), sent::arrives);
        yield Commit.LOST_UNLEARNED;
      }
    };
  }

  private Duration between(Duration least, Duration most) {
    return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos()));
  }

  private void rest(SimulatedProcess process) {
    boolean slow = random.nextInt(1000) < weather(process).slow;
    if (slow) {
      meets(Trouble.SLOW);
    }
    try {
      process.tempo().rest(between(FASTEST, slow ? SLOWEST : USUAL));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void meets(Trouble trouble) {
    troubles.merge(new Met(Thread.currentThread().getName(), trouble), 1L, Long::sum);
  }

  /** How often a thread of that name met that. */
  public long troubles(String thread, Trouble trouble) {
    return troubles.getOrDefault(new Met(thread, trouble), 0L);
  }

  /** For all, but for those that have their own. */
  public void weather(Weather now) {
    weather = now;
  }

  /** For one server alone, whatever it is for the others; fair ends it. */
  public void weather(String server, Weather now) {
    if (now.equals(Weather.FAIR)) {
      weathers.remove(server);
    } else {
      weathers.put(server, now);
    }
  }

  /** How often somebody may have changed that table: it is as it was as long as that is. */
  public LongSupplier changes(String table) {
    return memory.changes(table);
  }

  /** For who looks from outside. */
  public PreparedStatement look(String sql) throws SQLException {
    return memory.statement(sql);
  }

  @Override
  public void close() {
    memory.giveBack();
  }
}
