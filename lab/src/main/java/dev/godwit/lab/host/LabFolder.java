package dev.godwit.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where one lab keeps everything. */
public record LabFolder(Path root) {
  public LabFolder {
    root = root.toAbsolutePath().normalize();
  }

  /** File that remembers a process. */
  public Path pid(String name) {
    return root.resolve("pids").resolve(name);
  }

  /** A host's own files. */
  public Path host(String name) {
    return root.resolve("hosts").resolve(name);
  }

  /** The directory that all hosts see as /srv/shared. */
  public Path shared() {
    return root.resolve("shared");
  }

  /** Kernel and initrd of the lab guest, /srv/guest on the hosts. */
  public Path guest() {
    return root.resolve("guest");
  }

  /** Certificates. */
  public Path pki() {
    return root.resolve("pki");
  }

  /** The server's configuration, database and token. */
  public Path server() {
    return root.resolve("server");
  }

  /** Sockets and notes of the running lab. */
  public Path run() {
    return root.resolve("run");
  }

  /** A process's log. */
  public Path log(String name) {
    return root.resolve("log").resolve(name + ".log");
  }

  /** Makes the folders. */
  public void make() {
    for (Path folder :
        List.of(
            root.resolve("pids"),
            root.resolve("hosts"),
            root.resolve("log"),
            shared(),
            guest(),
            pki(),
            server(),
            run())) {
      makeDirectories(folder);
    }
  }

  /** Names of the hosts that this lab has files of, in order. */
  public List<String> hosts() {
    Path hosts = root.resolve("hosts");
    if (!Files.isDirectory(hosts)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(hosts)) {
      return list.map(path -> path.getFileName().toString())
          .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(1))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a resource of the lab into the folder and returns where it is. */
  public Path resource(String name) {
    Path target = run().resolve(Path.of(name).getFileName());
    try (InputStream in = LabFolder.class.getResourceAsStream("/dev/godwit/lab/" + name)) {
      if (in == null) {
        throw new LabFailure("resource " + name + " is not in this build");
      }
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text file, its folders too. */
  public static void write(Path file, String text) {
    try {
      makeParent(file);
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text file; empty when it is not there. */
  public static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void makeParent(Path file) {
    makeDirectories(
        java.util.Objects.requireNonNull(file.getParent(), "a file of the lab has a parent"));
  }

  static void makeDirectories(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a tree; what is not there is no error. */
  public static void remove(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(tree)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
