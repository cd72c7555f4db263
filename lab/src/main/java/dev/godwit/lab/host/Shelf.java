package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that take long to make and are alike for every lab of this machine; kept under the digest
 * of all they are made of, one set of each kind. Whatever is wrong with it, they are made again.
 */
public final class Shelf {
  private final Path place;
  private final Path kind;

  private Shelf(Path place, Path kind) {
    this.place = place;
    this.kind = kind;
  }

  /** Where one kind of files, made of these bytes, is kept; empty when nothing is kept here. */
  public static Optional<Shelf> of(String kind, List<byte[]> madeOf) {
    return Optional.ofNullable(System.getProperty("godwit.cache"))
        .map(cache -> Path.of(cache, "lab", kind))
        .map(folder -> new Shelf(folder.resolve(digest(madeOf)), folder));
  }

  /** Bytes to make a digest of. */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(List<byte[]> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Copies these files into a folder, in order; false when they are not all here. */
  public boolean take(Path into, List<String> names) {
    try {
      for (String name : names) {
        Path fresh = into.resolve(name + ".new");
        Files.copy(place.resolve(name), fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, into.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Names of what is here. */
  List<String> names() {
    try (Stream<Path> all = Files.list(place)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Keeps these files, and no others of their kind. */
  public void keep(Path from, List<String> names) {
    try {
      Files.createDirectories(kind);
      Path fresh = Files.createTempDirectory(kind, "new");
      for (String name : names) {
        Files.copy(from.resolve(name), fresh.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      try (Stream<Path> all = Files.list(kind)) {
        all.filter(other -> !other.equals(place)).forEach(LabFolder::remove);
      }
    } catch (IOException | UncheckedIOException e) {
      // Somebody else kept them, or there is no room: the next lab makes them again.
    }
  }
}
