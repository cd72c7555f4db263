package dev.godwit.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The built-in identity: one admin token in a file, and the configuration's users. Issued tokens
 * are kept nowhere: they say whose they are and until when, signed with what all servers of a
 * database know. So each server takes those of every other, also after a start; a changed password
 * ends them.
 */
public final class Tokens {
  static final Duration LIFETIME = Duration.ofHours(1);
  private static final String ADMIN = "";
  private static final int NONCE_BYTES = 9;

  private final byte[] secret;
  private final byte[] adminToken;
  private final List<User> users;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

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

  /**
   * @param secret what the servers of one database know and nobody else
   */
  public Tokens(byte[] secret, Path adminTokenFile, List<User> users, Clock clock) {
    this.secret = secret.clone();
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
        make(file);
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

  /** Whole or not at all, for another server may begin with the same file at the same time. */
  private static void make(Path file) throws IOException {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    Path whole = file.resolveSibling("." + file.getFileName() + UUID.randomUUID() + ".new");
    Files.createFile(
        whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(
          whole, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      // The other one's is as good.
    } finally {
      Files.delete(whole);
    }
  }

  /** Whose token it is; empty when it is nobody's, or too old. */
  Optional<Caller> caller(String token) {
    if (MessageDigest.isEqual(adminToken, token.getBytes(StandardCharsets.UTF_8))) {
      return Optional.of(admin());
    }
    return find(token).map(Issued::caller);
  }

  /** An issued token; empty when no server of this database issued it, or it is too old. */
  Optional<Issued> find(String token) {
    String[] parts = token.split("\\.", 2);
    if (parts.length != 2) {
      return Optional.empty();
    }
    try {
      byte[] said = Base64.getUrlDecoder().decode(parts[0]);
      byte[] signed = Base64.getUrlDecoder().decode(parts[1]);
      String[] words = new String(said, StandardCharsets.UTF_8).split(" ", 4);
      if (words.length != 4) {
        return Optional.empty();
      }
      return holder(words[3])
          .filter(holder -> MessageDigest.isEqual(signature(said, holder), signed))
          .map(holder -> new Issued(token, holder.caller, instant(words[0]), instant(words[1])))
          .filter(it -> it.until.isAfter(clock.instant()));
    } catch (IllegalArgumentException e) {
      // Not in the alphabet of tokens.
      return Optional.empty();
    }
  }

  private static Instant instant(String micros) {
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Who may have tokens, and what they are good for only as long as it stays the same. */
  private record Holder(String name, Caller caller, String proof) {
    /** Never the proof. */
    @Override
    public String toString() {
      return "a holder of tokens, " + caller.userName();
    }
  }

  private Optional<Holder> holder(String name) {
    return name.equals(ADMIN)
        ? Optional.of(new Holder(ADMIN, admin(), new String(adminToken, StandardCharsets.UTF_8)))
        : users.stream().filter(user -> user.name.equals(name)).map(Tokens::holder).findFirst();
  }

  private static Holder holder(User user) {
    Caller caller =
        new Caller(
            id("user", user.name),
            user.name,
            id("project", user.project),
            user.project,
            user.roles);
    return new Holder(user.name, caller, user.password);
  }

  private byte[] signature(byte[] said, Holder holder) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(said);
      mac.update((byte) 0);
      return mac.doFinal(holder.proof.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
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
        .map(user -> issue(holder(user), clock.instant().plus(LIFETIME)));
  }

  /** A further token for who shows one; it lives no longer than that one. */
  Optional<Issued> another(String token) {
    Optional<Issued> shown = find(token);
    return caller(token)
        .flatMap(caller -> holder(shown.isEmpty() ? ADMIN : name(caller)))
        .map(holder ->
            issue(
                holder, shown.map(Issued::until).orElseGet(() -> clock.instant().plus(LIFETIME))));
  }

  private static String name(Caller caller) {
    return caller.equals(admin()) ? ADMIN : caller.userName();
  }

  private Issued issue(Holder holder, Instant until) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    Instant now = clock.instant();
    byte[] said =
        "%d %d %s %s"
            .formatted(micros(now), micros(until), base64.encodeToString(nonce), holder.name)
            .getBytes(StandardCharsets.UTF_8);
    String token =
        base64.encodeToString(said) + "." + base64.encodeToString(signature(said, holder));
    return new Issued(token, holder.caller, now, until);
  }

  /** Built-in ids are names in another dress: 32 hexadecimal digits, the same on every start. */
  static String id(String kind, String name) {
    return UUID.nameUUIDFromBytes(("godwit:" + kind + ":" + name).getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
