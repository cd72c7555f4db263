package dev.godwit.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;

/**
 * The embedded database: SQLite with write-ahead log and full synchronization, one writer, several
 * readers, one server at a time.
 */
final class SqliteFile implements Engine {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int READERS = 4;

  private final Path file;
  private final FileChannel lockFile;
  private final HikariDataSource writer;
  private final HikariDataSource readers;

  private SqliteFile(Path file, FileChannel lockFile) {
    this.file = file;
    this.lockFile = lockFile;
    this.writer = pool(file, 1, "writer");
    try {
      this.readers = pool(file, READERS, "readers");
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws DatabaseRefused when another server has it, or somebody else
   */
  static SqliteFile open(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new DatabaseRefused(
          "%s: expected a folder that can be made or is there, found: %s. Name another place."
              .formatted(file, e));
    }
    FileChannel lock = lock(file);
    try {
      refuseForeign(file);
      return new SqliteFile(file, lock);
    } catch (RuntimeException e) {
      close(lock);
      throw e;
    }
  }

  /** Before anything is written into it, also SQLite's own mode. */
  private static void refuseForeign(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    SQLiteConfig readOnly = new SQLiteConfig();
    readOnly.setReadOnly(true);
    try (Connection look = readOnly.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        Statement ask = look.createStatement();
        ResultSet others =
            ask.executeQuery(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'flyway_schema_history') LIMIT 1")) {
      if (others.next()) {
        throw new DatabaseRefused(
            "%s: expected a Godwit database, found somebody else's, with a table %s. Name another file; this one is as it was."
                .formatted(file, others.getString(1)));
      }
    } catch (SQLException e) {
      throw doesNotOpen(file, e);
    }
  }

  private static FileChannel lock(Path file) {
    Path lockPath = file.resolveSibling(file.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        lock = null;
      }
      if (lock == null) {
        channel.close();
        throw new DatabaseRefused(
            "%s: expected a database that nobody has open, found it in use by another server. Stop that one, or give this one a file of its own."
                .formatted(file));
      }
      return channel;
    } catch (IOException e) {
      throw new DatabaseRefused(
          "%s: expected a place that can be written, found: %s. Mend it, or name another place."
              .formatted(file, e));
    }
  }

  private static HikariDataSource pool(Path file, int size, String name) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(WAIT.toMillis());
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", Long.toString(WAIT.toMillis()));
    config.addDataSourceProperty("foreign_keys", "true");
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw doesNotOpen(file, e);
    }
  }

  private static DatabaseRefused doesNotOpen(Path file, Exception e) {
    return new DatabaseRefused(
        "%s: expected a Godwit database, found something that does not open: %s. Name another file, or restore this one from a copy."
            .formatted(file, DatabaseTrouble.root(e)));
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public DataSource writers() {
    return writer;
  }

  @Override
  public DataSource readers() {
    return readers;
  }

  @Override
  public boolean looksInTransactions() {
    return false;
  }

  /** There is one writer: nobody else can be in the way. */
  @Override
  public Again again(SQLException error) {
    return Again.NO;
  }

  /** SQLite rolls back what it cannot commit. */
  @Override
  public boolean refusedCommit(SQLException error) {
    return true;
  }

  @Override
  public String remedy() {
    return "See that its disk is there, has room and can be written, or restore it from a copy.";
  }

  @Override
  public boolean alone() {
    return true;
  }

  /** The lock on the file is held by one server alone, whatever its name. */
  @Override
  public boolean holdName(String server) {
    return true;
  }

  @Override
  public void evictName(String server) {}

  @Override
  public void close() {
    readers.close();
    writer.close();
    close(lockFile);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
