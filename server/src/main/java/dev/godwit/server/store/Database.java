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
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;

/**
 * The embedded database: SQLite with write-ahead log and full synchronization, one writer, several
 * readers, one server at a time.
 */
public final class Database implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int READERS = 4;

  private final Path file;
  private final FileChannel lockFile;
  private final HikariDataSource writer;
  private final HikariDataSource readers;
  private final Jdbi write;
  private final Jdbi read;

  private Database(
      Path file, FileChannel lockFile, HikariDataSource writer, HikariDataSource readers) {
    this.file = file;
    this.lockFile = lockFile;
    this.writer = writer;
    this.readers = readers;
    this.write = Jdbi.create(writer);
    this.read = Jdbi.create(readers);
  }

  /**
   * Opens the file, or makes it, and brings it to this version's tables.
   *
   * @throws DatabaseRefused when another server has it, or a newer version wrote it
   */
  public static Database open(Path file) {
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
      return open(file, lock);
    } catch (RuntimeException e) {
      close(lock);
      throw e;
    }
  }

  private static Database open(Path file, FileChannel lock) {
    HikariDataSource writer = pool(file, 1, "writer");
    try {
      bringUp(file, writer);
      return new Database(file, lock, writer, pool(file, READERS, "readers"));
    } catch (RuntimeException e) {
      writer.close();
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
            .formatted(file, rootMessage(e)));
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static void bringUp(Path file, HikariDataSource writer) {
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(writer)
              .locations("classpath:dev/godwit/server/store")
              .load();
      MigrationInfo current = flyway.info().current();
      if (current != null && current.getState().name().startsWith("FUTURE")) {
        throw new DatabaseRefused(
            "%s: expected tables of this version or an older one, found version %s of a newer Godwit. Start that version, or restore a copy made before the upgrade."
                .formatted(file, current.getVersion()));
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw new DatabaseRefused(
          "%s: expected a Godwit database, found: %s. Restore it from a copy."
              .formatted(file, e.getMessage()));
    }
  }

  /**
   * Runs a change in one transaction; it is on disk when this returns.
   *
   * @throws DatabaseTrouble when it is not, and nothing was changed
   */
  public <T> T change(Function<Handle, T> work) {
    try {
      return write.inTransaction(work::apply);
    } catch (JdbiException e) {
      throw trouble("written", "Make room on its disk and see that it can be written.", e);
    }
  }

  /** Runs a change in one transaction, as {@link #change} does. */
  public void changing(Consumer<Handle> work) {
    change(handle -> {
      work.accept(handle);
      return true;
    });
  }

  /**
   * Reads; never waits for a change.
   *
   * @throws DatabaseTrouble when it cannot be read
   */
  public <T> T read(Function<Handle, T> work) {
    try {
      return read.withHandle(work::apply);
    } catch (JdbiException e) {
      throw trouble("read", "Look at its disk, or restore it from a copy.", e);
    }
  }

  private DatabaseTrouble trouble(String what, String remedy, JdbiException e) {
    return new DatabaseTrouble(
        "the database %s cannot be %s: %s. %s".formatted(file, what, rootMessage(e), remedy), e);
  }

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
