package dev.godwit.server;

import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.PostgresqlCluster;
import dev.godwit.server.store.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL on the loopback: one for all tests of a JVM, with a database for each. */
public final class PostgresqlForTests {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final PostgresqlCluster cluster;
  private final String password;

  private PostgresqlForTests() {
    try {
      Path folder = Files.createTempDirectory("godwit-postgresql");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      cluster =
          new PostgresqlCluster(
              folder.resolve("cluster"), freePort(), PostgresqlCluster.Place.MACHINE);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                cluster.stop();
                LabFolder.remove(folder);
              }));
      cluster.start();
      password = Files.readString(cluster.passwordFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Lazy {
    static final PostgresqlForTests ONE = new PostgresqlForTests();
  }

  /** The one of this JVM; started when it is first asked for. */
  public static PostgresqlForTests one() {
    return Lazy.ONE;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public PostgresqlCluster cluster() {
    return cluster;
  }

  /** A database with nothing in it. */
  public DatabaseAddress.Postgresql fresh() {
    String name = "test" + DATABASES.incrementAndGet();
    DatabaseAddress.Postgresql root = at(PostgresqlCluster.DATABASE, cluster.port());
    run(root, "CREATE DATABASE " + name);
    return at(name, cluster.port());
  }

  /** The same database by way of another port. */
  public DatabaseAddress.Postgresql by(int port, DatabaseAddress.Postgresql address) {
    return at(address.database(), port);
  }

  private DatabaseAddress.Postgresql at(String database, int port) {
    return new DatabaseAddress.Postgresql(
        "127.0.0.1", port, database, PostgresqlCluster.USER, password, Map.of());
  }

  static Connection connect(DatabaseAddress.Postgresql to) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(to.host(), to.port(), to.database()),
        to.user(),
        to.password());
  }

  private static void run(DatabaseAddress.Postgresql at, String sql) {
    try (Connection connection = connect(at);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
