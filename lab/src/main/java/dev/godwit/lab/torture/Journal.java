package dev.godwit.lab.torture;

import dev.godwit.lab.host.LabFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's database, read from outside and never written: an entry is seen within a millisecond
 * of its commit, whether the server lives or not.
 */
final class Journal implements AutoCloseable {
  private static final String ENTRIES =
      """
      SELECT at, transition, step, why FROM journal WHERE migration_id =
        (SELECT id FROM migrations WHERE instance_id = ? AND number > ? ORDER BY number LIMIT 1)
      ORDER BY seq
      """;
  private static final String RESTS =
      "SELECT rests FROM migrations WHERE instance_id = ? AND number > ? ORDER BY number LIMIT 1";
  private static final String CLAIMS =
      """
      SELECT 'claim of memory and vCPUs on ' || host FROM claims
      UNION ALL SELECT 'claim of disk room on ' || host || ' for ' || target FROM disk_claims
      UNION ALL SELECT 'migration ' || number || ' is not over' FROM migrations WHERE over = 0
      UNION ALL SELECT 'migration ' || number || ' that is over and does not rest'
        FROM migrations WHERE over = 1 AND rests = 0
      """;

  private final Path database;
  private Optional<Connection> connection = Optional.empty();

  Journal(Path database) {
    this.database = database;
  }

  /** One transition. */
  record Entry(Instant at, String transition, Optional<String> step, String why) {
    String word() {
      return transition + step.map(name -> ":" + name).orElse("");
    }

    /** True for an entry after which nothing follows. */
    boolean last() {
      return switch (transition) {
        case "COMPLETE",
            "ROLLED_BACK_FAILED",
            "ROLLED_BACK_CANCELLED",
            "REFUSE",
            "CANCEL_ACCEPTED" ->
            true;
        default -> false;
      };
    }
  }

  /** Entries of the first migration of an instance after this number, oldest first. */
  List<Entry> after(String instance, long number) {
    try (PreparedStatement ask = open().prepareStatement(ENTRIES)) {
      ask.setString(1, instance);
      ask.setLong(2, number);
      List<Entry> entries = new ArrayList<>();
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          entries.add(
              new Entry(
                  Instant.EPOCH.plus(rows.getLong(1), ChronoUnit.MICROS),
                  rows.getString(2),
                  Optional.ofNullable(rows.getString(3)),
                  rows.getString(4)));
        }
      }
      return entries;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** True when nothing is left to do for that migration, not even when a dead host is back. */
  boolean rests(String instance, long number) {
    try (PreparedStatement ask = open().prepareStatement(RESTS)) {
      ask.setString(1, instance);
      ask.setLong(2, number);
      try (ResultSet rows = ask.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** What is claimed by whatever migration, and migrations that are not done; in words. */
  List<String> claims() {
    try (PreparedStatement ask = open().prepareStatement(CLAIMS);
        ResultSet rows = ask.executeQuery()) {
      List<String> claims = new ArrayList<>();
      while (rows.next()) {
        claims.add(rows.getString(1));
      }
      return claims;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private Connection open() throws SQLException {
    if (connection.isEmpty()) {
      connection =
          Optional.of(DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro"));
    }
    return connection.get();
  }

  private LabFailure failed(SQLException e) {
    letGo();
    return new LabFailure(
        "the server's database %s: expected to read it, found: %s"
            .formatted(database, e.getMessage()));
  }

  @Override
  public void close() {
    letGo();
  }

  /** Lets the file go; the next look opens it anew, it may be another one then. */
  void letGo() {
    try {
      if (connection.isPresent()) {
        connection.get().close();
      }
    } catch (SQLException e) {
      // It was only read.
    } finally {
      connection = Optional.empty();
    }
  }
}
