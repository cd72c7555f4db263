package dev.godwit.simulation.store;

import dev.godwit.server.store.Database;
import dev.godwit.simulation.store.SimulatedEngine.Commit;
import dev.godwit.simulation.time.SimulatedProcess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** SQLite in memory, one for all servers of a world. */
public final class SimulatedDatabase implements AutoCloseable {
  private final MemoryDatabase memory = MemoryDatabase.take();
  private final RandomGenerator random;
  private final Map<String, SimulatedProcess> names = new HashMap<>();
  private final List<String> misunderstood = new ArrayList<>();
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
   * @param unlearned the commit's answer is lost, whether it was made or not
   * @param slow takes up to a second
   */
  public record Weather(boolean away, int failing, int unlearned, int slow) {
    public static final Weather FAIR = new Weather(false, 0, 0, 0);
  }

  public SimulatedDatabase(RandomGenerator random) {
    this.random = random;
  }

  /** As a server's process reaches it. */
  public Database of(SimulatedProcess process) {
    Connection session =
        SimulatedEngine.failing(
            memory.connection(), this::statement, this::nextCommit, () -> rest(process));
    return Database.withTables(
        new SimulatedEngine(
            () -> reached(process, session),
            new SimulatedEngine.NameBook() {
              @Override
              public boolean hold(String server) {
                SimulatedProcess holder = names.get(server);
                if (holder != null && holder != process && holder.alive()) {
                  return false;
                }
                names.put(server, process);
                return true;
              }

              @Override
              public void evict(String server) {
                names.remove(server);
              }
            }));
  }

  private Connection reached(SimulatedProcess process, Connection session) {
    rest(process);
    if (weather.away) {
      meets(Trouble.AWAY);
      throw new SimulatedEngine.Away();
    }
    return session;
  }

  private PreparedStatement statement(String sql) throws SQLException {
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

  private Commit nextCommit() {
    int luck = random.nextInt(1000);
    if (luck < weather.failing) {
      meets(Trouble.REFUSED);
      return Commit.REFUSED;
    }
    if (luck < weather.failing + weather.unlearned) {
      meets(Trouble.UNLEARNED);
      return random.nextBoolean() ? Commit.MADE_UNLEARNED : Commit.LOST_UNLEARNED;
    }
    return Commit.MADE;
  }

  private void rest(SimulatedProcess process) {
    boolean slow = random.nextInt(1000) < weather.slow;
    if (slow) {
      meets(Trouble.SLOW);
    }
    long most = slow ? 1_000_000_000L : 300_000L;
    try {
      process.tempo().rest(Duration.ofNanos(random.nextLong(20_000, most)));
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

  public void weather(Weather now) {
    weather = now;
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
