package dev.godwit.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database, which several servers share. Changes are transactions of the usual level
 * (read committed): what must not happen twice is kept apart by conditions, unique indexes and the
 * locks of rows that are changed first.
 */
final class PostgresqlServer implements Engine {
  /** No caller waits longer for a connection: an outage is told soon. */
  private static final Duration WAIT = Duration.ofSeconds(2);

  private static final int MOST_FIRST_LOOKS = 10;

  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(10);
  private static final Duration LONGEST_LOCK = Duration.ofSeconds(5);

  /** A server that stands still in a change lets the others go on after this time. */
  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(2);

  private static final int POOL = 8;

  private final DatabaseAddress.Postgresql address;
  private final HikariDataSource writers;
  private final HikariDataSource readers;
  private final NameLock nameLock;

  private PostgresqlServer(DatabaseAddress.Postgresql address) {
    this.address = address;
    PGSimpleDataSource source = source(address);
    this.nameLock = new NameLock(source);
    this.writers = pool(source, "writers");
    this.readers = pool(source, "readers");
  }

  /**
   * Opens it; it has to be there.
   *
   * @throws DatabaseRefused when it does not let this server in, or holds somebody else's tables
   */
  static PostgresqlServer open(DatabaseAddress.Postgresql address) {
    refuseForeign(address);
    return new PostgresqlServer(address);
  }

  private static void refuseForeign(DatabaseAddress.Postgresql address) {
    for (int attempt = 1; ; attempt++) {
      try {
        lookFirst(address);
        return;
      } catch (SQLException e) {
        // A machine that has just started has no time for anybody.
        boolean slow = String.valueOf(e.getMessage()).contains("timed out");
        if (!slow || attempt == MOST_FIRST_LOOKS) {
          throw new DatabaseRefused(
              "%s: expected a PostgreSQL database that lets this server in, found: %s. Look at that server, its pg_hba.conf, and the password."
                  .formatted(address, DatabaseTrouble.root(e)));
        }
      }
    }
  }

  private static void lookFirst(DatabaseAddress.Postgresql address) throws SQLException {
    try (Connection look = source(address).getConnection();
        Statement ask = look.createStatement();
        ResultSet others =
            ask.executeQuery(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'flyway_schema_history') LIMIT 1")) {
      if (others.next()) {
        throw new DatabaseRefused(
            "%s: expected a Godwit database, found somebody else's, with a table %s. Name another database; this one is as it was."
                .formatted(address, others.getString(1)));
      }
    }
  }

  private static PGSimpleDataSource source(DatabaseAddress.Postgresql address) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {address.host()});
    source.setPortNumbers(new int[] {address.port()});
    source.setDatabaseName(address.database());
    source.setUser(address.user());
    source.setPassword(address.password());
    source.setApplicationName("godwit");
    source.setConnectTimeout((int) WAIT.toSeconds());
    source.setLoginTimeout((int) WAIT.toSeconds());
    source.setSocketTimeout((int) LONGEST_STATEMENT.plus(LONGEST_LOCK).toSeconds());
    source.setTcpKeepAlive(true);
    Properties settings = new Properties();
    // Whatever the server, the database or the user has: a change is on disk when it is told.
    settings.setProperty("synchronous_commit", "on");
    settings.setProperty("statement_timeout", Long.toString(LONGEST_STATEMENT.toMillis()));
    settings.setProperty("lock_timeout", Long.toString(LONGEST_LOCK.toMillis()));
    settings.setProperty(
        "idle_in_transaction_session_timeout", Long.toString(LONGEST_STANDSTILL.toMillis()));
    StringBuilder options = new StringBuilder();
    settings.forEach(
        (name, value) -> options.append(" -c ").append(name).append('=').append(value));
    source.setOptions(options.toString().strip());
    address
        .options()
        .forEach((name, value) -> {
          if (name.equals("sslmode")) {
            source.setSslMode(value);
          } else {
            source.setSslRootCert(value);
          }
        });
    return source;
  }

  private static HikariDataSource pool(PGSimpleDataSource source, String name) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(WAIT.toMillis());
    config.setValidationTimeout(WAIT.toMillis() / 2);
    // It is there, or was a moment ago; if it goes away, it is waited for later.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public DataSource writers() {
    return writers;
  }

  @Override
  public DataSource readers() {
    return readers;
  }

  @Override
  public boolean looksInTransactions() {
    return true;
  }

  @Override
  public Again again(SQLException error) {
    if (error instanceof SQLTransientConnectionException) {
      // The pool waited for one already.
      return Again.NO;
    }
    String state = String.valueOf(error.getSQLState());
    return switch (state) {
      // Serialization, deadlock, a lock that others hold for long, a unique index they were first
      // in.
      case "40001", "40P01", "55P03", "23505" -> Again.OTHERS;
      // It shut down or crashed, or ended a session that stood still.
      case "57P01", "57P02", "25P03" -> Again.CONNECTION;
      default -> state.startsWith("08") ? Again.CONNECTION : Again.NO;
    };
  }

  /** An error that the server itself tells of a commit, as long as it goes on working. */
  @Override
  public boolean refusedCommit(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    // 40003: it does not know itself what became of the statement.
    return (state.startsWith("40") && !state.equals("40003"))
        || state.startsWith("23")
        || state.startsWith("25");
  }

  @Override
  public String remedy() {
    return "Look at that server and the way to it; what was under way goes on when it is there again.";
  }

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public boolean holdName(String server) {
    return nameLock.hold(server);
  }

  @Override
  public void evictName(String server) {
    nameLock.evict(server);
  }

  @Override
  public void close() {
    nameLock.close();
    readers.close();
    writers.close();
  }
}
