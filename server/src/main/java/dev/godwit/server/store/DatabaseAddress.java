package dev.godwit.server.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the record is, as nova.conf's option {@code [database] connection} has it. */
public sealed interface DatabaseAddress {
  /** In a file of this machine, for one server. */
  record Sqlite(Path file) implements DatabaseAddress {}

  /**
   * In a PostgreSQL database, for one server or several.
   *
   * @param password empty when none is asked for
   * @param options of the connection: sslmode and sslrootcert, with libpq's meaning
   */
  record Postgresql(
      String host,
      int port,
      String database,
      String user,
      String password,
      Map<String, String> options)
      implements DatabaseAddress {
    public Postgresql {
      options = Map.copyOf(options);
    }

    /** Never the password. */
    @Override
    public String toString() {
      return "postgresql://%s@%s:%d/%s".formatted(user, host, port, database);
    }
  }

  /** What is expected of a connection, for people. */
  String EXPECTED =
      "\"sqlite:////path/to/godwit.db\" or \"postgresql://user@host:port/database\", with ?sslmode= and &sslrootcert= after it if wanted";

  /**
   * Reads it as SQLAlchemy writes it. A path is always an absolute one.
   *
   * @param password what the address itself never tells
   * @throws IllegalArgumentException with what was found instead, when it is none
   */
  static DatabaseAddress of(String connection, Optional<String> password) {
    Matcher file = Pattern.compile("sqlite:///+(.+)").matcher(connection);
    if (file.matches()) {
      return new Sqlite(Path.of("/" + file.group(1).replace('\0', '?')));
    }
    if (!connection.matches("postgres(ql)?(\\+\\w+)?://.*")) {
      int end = connection.indexOf(':');
      throw new IllegalArgumentException(
          "one that begins with \"%s\""
              .formatted(end < 0 ? connection : connection.substring(0, end)));
    }
    return postgresql(connection, password);
  }

  private static Postgresql postgresql(String connection, Optional<String> password) {
    URI uri;
    try {
      uri = URI.create(connection);
    } catch (IllegalArgumentException e) {
      // Its message would show the whole of it.
      throw new IllegalArgumentException("an address that is no URL", e);
    }
    String user = text(uri.getRawUserInfo());
    if (user.contains(":")) {
      throw new IllegalArgumentException(
          "a password in it: name a file with database.password_file, or set GODWIT_DATABASE_PASSWORD");
    }
    String database = text(uri.getRawPath()).replaceFirst("^/", "");
    String host = text(uri.getHost()).replaceAll("[\\[\\]]", "");
    if (user.isEmpty() || host.isEmpty() || !database.matches("[^/\\s]+")) {
      throw new IllegalArgumentException("one without user, host or database");
    }
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    return new Postgresql(
        host, port, decoded(database), decoded(user), password.orElse(""), options(uri));
  }

  private static Map<String, String> options(URI uri) {
    Map<String, String> options = new TreeMap<>();
    Arrays.stream(text(uri.getRawQuery()).split("&"))
        .filter(word -> !word.isEmpty())
        .forEach(word -> {
          String[] parts = word.split("=", 2);
          if (parts.length != 2 || !parts[0].matches("sslmode|sslrootcert")) {
            throw new IllegalArgumentException("the unknown option " + parts[0]);
          }
          options.put(parts[0], decoded(parts[1]));
        });
    return options;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String text(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }
}
