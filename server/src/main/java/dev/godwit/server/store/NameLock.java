package dev.godwit.server.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A server's name, held by a session of PostgreSQL (an advisory lock). A session ends with the
 * process that opened it: whoever gets the lock knows that no process of that name lives.
 */
final class NameLock implements AutoCloseable {
  private static final int PATIENCE_S = 2;

  private final DataSource source;
  private Optional<Connection> holder = Optional.empty();

  NameLock(DataSource source) {
    this.source = source;
  }

  /** 64 bits of the name's digest, which is all that such a lock is known by. */
  private static long key(String server) {
    return UUID.nameUUIDFromBytes(("godwit:server:" + server).getBytes(StandardCharsets.UTF_8))
        .getMostSignificantBits();
  }

  /** True when it is held, as before or from now on. */
  synchronized boolean hold(String server) {
    try {
      if (holder.isPresent()) {
        if (holder.get().isValid(PATIENCE_S)) {
          return true;
        }
        close();
      }
      Connection fresh = source.getConnection();
      if (taken(fresh, "SELECT pg_try_advisory_lock(?)", key(server))) {
        holder = Optional.of(fresh);
        return true;
      }
      fresh.close();
      return false;
    } catch (SQLException e) {
      throw new DatabaseTrouble(
          "the database does not tell whether the name %s is free: %s"
              .formatted(server, DatabaseTrouble.root(e)),
          e);
    }
  }

  /** Ends the sessions of others that hold it. */
  void evict(String server) {
    long key = key(server);
    try (Connection connection = source.getConnection()) {
      var _ =
          taken(
              connection,
              """
              SELECT COUNT(pg_terminate_backend(pid)) > 0 FROM pg_locks
              WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
                AND ((classid::bigint << 32) | objid::bigint) = ?
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              """,
              key);
    } catch (SQLException e) {
      throw new DatabaseTrouble(
          "the database does not end the session that holds the name %s: %s"
              .formatted(server, DatabaseTrouble.root(e)),
          e);
    }
  }

  private static boolean taken(Connection connection, String sql, long key) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(sql)) {
      ask.setLong(1, key);
      try (ResultSet answer = ask.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  @Override
  public synchronized void close() {
    holder.ifPresent(connection -> {
      try {
        connection.close();
      } catch (SQLException gone) {
        // It is no more, which is what was wanted.
      }
    });
    holder = Optional.empty();
  }
}
