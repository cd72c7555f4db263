package dev.godwit.lab;

import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How many servers a lab has, and on which database.
 *
 * @param count 1 to 9; more than one share a PostgreSQL
 */
public record LabServers(int count, boolean postgresql) {
  /** One server with everything built in. */
  public static final LabServers ONE = new LabServers(1, false);

  public LabServers {
    if (count < 1 || count > 9) {
      throw LabFailure.usage("replicas: expected 1 to 9, found " + count);
    }
    if (count > 1 && !postgresql) {
      throw LabFailure.usage(
          "replicas: expected one on SQLite, found %d; several share a PostgreSQL: --database postgresql"
              .formatted(count));
    }
  }

  List<LabServer> all() {
    return IntStream.rangeClosed(1, count).mapToObj(LabServer::new).toList();
  }

  /** For people. */
  @Override
  public String toString() {
    return "%d server%s on %s"
        .formatted(count, count == 1 ? "" : "s", postgresql ? "PostgreSQL" : "SQLite");
  }

  private static Path file(LabFolder folder) {
    return folder.run().resolve("servers");
  }

  /** What the lab in this folder was started with last; empty when it was not. */
  static Optional<LabServers> of(LabFolder folder) {
    Matcher words =
        Pattern.compile("([1-9]) (sqlite|postgresql)")
            .matcher(LabFolder.read(file(folder)).orElse("").strip());
    return words.matches()
        ? Optional.of(
            new LabServers(Integer.parseInt(words.group(1)), words.group(2).equals("postgresql")))
        : Optional.empty();
  }

  void keep(LabFolder folder) {
    LabFolder.write(file(folder), "%d %s\n".formatted(count, postgresql ? "postgresql" : "sqlite"));
  }
}
