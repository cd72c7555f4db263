package dev.godwit.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where one lab keeps everything. */
public record LabFolder(Path root) {
  /** Nothing is ever removed from a folder without it. */
  private static final String MARK = "godwit-lab";

  /** The kernel's limit for the path of a unix socket, less the longest that libvirt makes here. */
  private static final int LONGEST = 107 - "/hosts/h9/run/libvirt/virtlockd-admin-sock".length();

  public LabFolder {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes sure that a lab may be made here: the path is usable for mounts and sockets, and the
   * folder is a lab's, empty, or not there. {@link LabFailure} otherwise.
   */
  public void claim() {
    if (!root.toString().matches("[A-Za-z0-9._+@/-]+")) {
      throw LabFailure.usage(
          "the lab's folder: expected letters, digits and . _ + @ - in its path, for mounts know no others, found "
              + root);
    }
    if (root.toString().length() > LONGEST) {
      throw LabFailure.usage(
          "the lab's folder: expected a path of at most %d characters, for libvirt's sockets are below it, found %d: %s"
              .formatted(LONGEST, root.toString().length(), root));
    }
    if (Files.exists(root) && !isLab() && !empty()) {
      throw LabFailure.conflict(
          "the lab's folder: expected a lab, an empty folder or none, found other files in %s; name another with --folder or GODWIT_LAB"
              .formatted(root));
    }
    makeDirectories(root);
    write(root.resolve(MARK), "A lab of godwit; 'godwit lab down' removes this folder.\n");
  }

  /** True when a lab was made here and not taken down. */
  public boolean isLab() {
    return Files.isRegularFile(root.resolve(MARK));
  }

  /** True when nothing is in it. */
  public boolean empty() {
    try (Stream<Path> list = Files.list(root)) {
      return list.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps others from bringing the lab up or down until it is closed. */
  public FolderLock lock() {
    return FolderLock.take(root.resolve("lock"));
  }

  /** Ends what the lab started and did not record, and removes the folder. */
  public void remove() {
    new Strays(this).kill();
    remove(root);
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

  /** True when libvirt's lock manager is used in it. */
  public boolean lockd() {
    return Files.exists(run().resolve("lockd"));
  }

  /** Remembers whether it is. */
  public void keepLockd(boolean wanted) {
    if (wanted) {
      makeDirectories(leases());
      write(run().resolve("lockd"), "libvirt keeps leases in " + leases() + "\n");
    } else {
      remove(run().resolve("lockd"));
    }
  }

  private Path leases() {
    return shared().resolve("leases");
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
      // Whoever runs it meanwhile goes on with the old one.
      Path fresh = Files.createTempFile(run(), target.getFileName().toString(), ".new");
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
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

  /** The last lines of a log, for people. */
  public static String tail(Path log) {
    List<String> lines = read(log).orElse("").lines().toList();
    return "The end of %s:%n%s"
        .formatted(
            log, String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
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

  /** Removes a tree; what is not there, or goes away meanwhile, is no error. */
  public static void remove(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try {
      Files.walkFileTree(tree, new Removal());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
