package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL of its own, in a folder, on the loopback. It is run by the user that Debian's
 * package makes, for PostgreSQL refuses root. What it acknowledges is on disk.
 */
public final class PostgresqlCluster {
  /** Who may do everything in it. */
  public static final String USER = "godwit";

  /** The database that is made with it. */
  public static final String DATABASE = "godwit";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String OWNER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final Place place;

  /** Where its process is started. */
  public interface Place {
    /** On the machine itself. */
    Place MACHINE =
        (pidFile, log, argv) -> RecordedProcess.remember(pidFile, Namespaces.spawn(argv, log));

    /** Starts a program that stays, and remembers it. */
    RecordedProcess start(Path pidFile, Path log, List<String> argv);
  }

  /**
   * The cluster of this folder, whether it is there or not.
   *
   * @param folder all above it may be entered by everybody
   */
  public PostgresqlCluster(Path folder, int port, Place place) {
    this.folder = folder;
    this.port = port;
    this.place = place;
  }

  /** True when the machine has PostgreSQL's server; {@link LabFailure} tells how to get it. */
  public static void check() {
    var _ = programs();
  }

  private static Path programs() {
    if (Files.isDirectory(VERSIONS)) {
      try (Stream<Path> versions = Files.list(VERSIONS)) {
        Optional<Path> newest =
            versions
                .map(version -> version.resolve("bin"))
                .filter(programs -> Files.isExecutable(programs.resolve("postgres")))
                .max(Comparator.comparing(Path::toString));
        if (newest.isPresent()) {
          return newest.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new LabFailure(
        "expected PostgreSQL's server below %s, found none; on Debian: apt-get install postgresql"
            .formatted(VERSIONS));
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** File with the password of {@link #USER}. */
  public Path passwordFile() {
    return folder.resolve("password");
  }

  /** The port on the loopback where it answers. */
  public int port() {
    return port;
  }

  /** Its first process, if it runs. */
  public Optional<RecordedProcess> process() {
    return RecordedProcess.living(folder.resolve("pid"));
  }

  /** Makes it unless it is there. */
  public void make() {
    if (Files.exists(data().resolve("PG_VERSION"))) {
      return;
    }
    LabFolder.remove(data());
    LabFolder.makeDirectories(data());
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    LabFolder.write(passwordFile(), HexFormat.of().formatHex(secret));
    own(folder, "rwxr-x--x");
    own(data(), "rwx------");
    own(passwordFile(), "rw-------");
    must(
        "",
        "initdb",
        "--pgdata=" + data(),
        "--username=" + USER,
        "--pwfile=" + passwordFile(),
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync");
    must(
        "CREATE DATABASE " + DATABASE + "\n",
        "postgres",
        "--single",
        "-D",
        data().toString(),
        "template1");
  }

  private static void own(Path path, String permissions) {
    try {
      UserPrincipal owner =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      Files.getFileAttributeView(path, FileOwnerAttributeView.class).setOwner(owner);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PostgreSQL is run by the user %s, which its package makes: %s".formatted(OWNER, e), e);
    }
  }

  private static List<String> asOwner(String program, String... words) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + OWNER,
                "--regid=" + OWNER,
                "--init-groups",
                "--",
                programs().resolve(program).toString()));
    argv.addAll(List.of(words));
    return argv;
  }

  private static void must(String input, String program, String... words) {
    Argv.Result result = Argv.run(PATIENCE, asOwner(program, words), input);
    if (!result.ok() || result.err().contains("ERROR:")) {
      throw new LabFailure("%s: %s".formatted(program, result.err().strip()));
    }
  }

  /** Starts it unless it runs, and waits until it answers. */
  public void start() {
    make();
    if (process().isEmpty()) {
      List<String> argv =
          asOwner(
              "postgres",
              "-D",
              data().toString(),
              "-p",
              Integer.toString(port),
              "-c",
              "listen_addresses=127.0.0.1",
              "-c",
              "unix_socket_directories=" + folder,
              "-c",
              "fsync=on",
              "-c",
              "synchronous_commit=on",
              "-c",
              "max_connections=200",
              "-c",
              "shared_buffers=32MB");
      place.start(folder.resolve("pid"), folder.resolve("log"), argv);
    }
    Await.until("PostgreSQL to answer", PATIENCE, () -> process().isEmpty() || answers());
    if (process().isEmpty()) {
      throw new LabFailure("PostgreSQL ended\n" + LabFolder.tail(folder.resolve("log")));
    }
  }

  private boolean answers() {
    return Argv.run(
            PATIENCE,
            List.of(
                programs().resolve("pg_isready").toString(),
                "-q",
                "-h",
                folder.toString(),
                "-p",
                Integer.toString(port)))
        .ok();
  }

  /** Ends all of it at once, as a crash does: the next start has to recover. */
  public void crash() {
    RecordedProcess running =
        process().orElseThrow(() -> LabFailure.notFound("PostgreSQL does not run"));
    running.signal("QUIT");
    Await.until("PostgreSQL to end", PATIENCE, () -> !running.lives());
  }

  /** Ends it, without waiting for those who are connected. */
  public void stop() {
    process()
        .ifPresent(it -> {
          it.signal("INT");
          try {
            Await.until("PostgreSQL to end", PATIENCE, () -> !it.lives());
          } catch (LabFailure stubborn) {
            it.kill();
          }
        });
  }
}
