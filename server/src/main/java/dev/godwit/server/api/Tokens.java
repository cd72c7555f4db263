package dev.godwit.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The built-in identity: one admin token in a file, and the configuration's users. Issued tokens
 * live in memory; after a restart clients log in again.
 */
public final class Tokens {
  static final Duration LIFETIME = Duration.ofHours(1);
  private static final int MOST_ISSUED = 10_000;

  private final byte[] adminToken;
  private final List<User> users;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Issued> issued =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Issued> eldest) {
          return size() > MOST_ISSUED;
        }
      };

  /** A user of the configuration. */
  public record User(String name, String password, String project, List<String> roles) {
    public User {
      roles = List.copyOf(roles);
    }

    /** Never the password. */
    @Override
    public String toString() {
      return "user " + name + " of " + project;
    }
  }

  /** A token and until when it is good. */
  record Issued(String token, Caller caller, Instant at, Instant until) {
    @Override
    public String toString() {
      return "a token of " + caller.userName();
    }
  }

  public Tokens(Path adminTokenFile, List<User> users, Clock clock) {
    this.adminToken = adminToken(adminTokenFile);
    this.users = List.copyOf(users);
    this.clock = clock;
  }

  /** Read, or made for its owner's eyes only. */
  private static byte[] adminToken(Path file) {
    try {
      if (!Files.exists(file)) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Files.writeString(
            file,
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n",
            StandardOpenOption.WRITE);
      }
      String token = Files.readString(file).strip();
      if (token.length() < 16) {
        throw new IllegalArgumentException(
            "api.admin_token_file: expected a token of at least 16 characters, found %s in %s. Remove the file to have one made."
                .formatted(token.length(), file));
      }
      return token.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("api.admin_token_file: cannot use " + file, e);
    }
  }

  /** Whose token it is; empty when it is nobody's, or too old. */
  Optional<Caller> caller(String token) {
    if (MessageDigest.isEqual(adminToken, token.getBytes(StandardCharsets.UTF_8))) {
      return Optional.of(admin());
    }
    return find(token).map(Issued::caller);
  }

  synchronized Optional<Issued> find(String token) {
    return Optional.ofNullable(issued.get(token)).filter(it -> it.until.isAfter(clock.instant()));
  }

  /** The admin token's own description. */
  Issued admin(String token) {
    Instant now = clock.instant();
    return new Issued(token, admin(), now, now.plus(LIFETIME));
  }

  private static Caller admin() {
    return new Caller(
        id("user", "admin"),
        "admin",
        id("project", "admin"),
        "admin",
        List.of("admin", "member", "reader"));
  }

  /** A token for a user, named or by id, and a password. */
  Optional<Issued> logIn(String nameOrId, String password) {
    byte[] given = password.getBytes(StandardCharsets.UTF_8);
    return users.stream()
        .filter(user -> user.name.equals(nameOrId) || id("user", user.name).equals(nameOrId))
        .filter(
            user -> MessageDigest.isEqual(user.password.getBytes(StandardCharsets.UTF_8), given))
        .findFirst()
        .map(user ->
            issue(
                new Caller(
                    id("user", user.name),
                    user.name,
                    id("project", user.project),
                    user.project,
                    user.roles),
                clock.instant().plus(LIFETIME)));
  }

  /** A further token for who shows one; it lives no longer than that one. */
  Optional<Issued> another(String token) {
    Optional<Instant> until = find(token).map(Issued::until);
    return caller(token)
        .map(caller -> issue(caller, until.orElseGet(() -> clock.instant().plus(LIFETIME))));
  }

  private synchronized Issued issue(Caller caller, Instant until) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    Issued fresh =
        new Issued(
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            caller,
            clock.instant(),
            until);
    issued.put(fresh.token, fresh);
    return fresh;
  }

  /** Built-in ids are names in another dress: 32 hexadecimal digits, the same on every start. */
  static String id(String kind, String name) {
    return java.util
        .UUID
        .nameUUIDFromBytes(("godwit:" + kind + ":" + name).getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
