package dev.godwit.agent.lock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of the leases. Whether its locks reach another host is seen from that host only, at
 * each move; what certainly does not is refused here.
 *
 * @param mounts what is mounted where, as /proc/self/mountinfo has it
 * @param shared the directory that the agent's configuration calls shared
 */
record LockSpace(Path directory, List<String> mounts, Optional<Path> shared) {
  private static final Set<String> OF_SEVERAL_HOSTS =
      Set.of(
          "nfs",
          "nfs4",
          "ceph",
          "fuse.ceph",
          "fuse.ceph-fuse",
          "fuse.glusterfs",
          "gfs2",
          "ocfs2",
          "lustre",
          "gpfs",
          "beegfs",
          "cifs",
          "smb3");

  /** Mount options with which the file system keeps locks to itself. */
  private static final Set<String> LOCKS_OF_ONE_HOST =
      Set.of("nolock", "local_lock=all", "local_lock=posix", "localflocks", "localflock", "nobrl");

  private static final String REMEDY =
      "Name a directory on a file system that every host mounts, such as NFS.";

  /** What is mounted where a path is. */
  private record Mount(Path on, String type, List<String> options) {
    static Mount of(String line) {
      String[] halves = line.split(" - ", 2);
      String[] after = halves[1].split(" ");
      String[] before = halves[0].split(" ");
      return new Mount(
          Path.of(unescaped(before[4])),
          after[0],
          List.of((before[5] + "," + (after.length > 2 ? after[2] : "")).split(",")));
    }

    private static String unescaped(String path) {
      return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
  }

  /** {@link LockRefused} when leases in it would guard nothing. */
  void check() {
    Path place = place();
    Mount mount = mount(place);
    mount.options.stream()
        .filter(LOCKS_OF_ONE_HOST::contains)
        .findFirst()
        .ifPresent(option -> {
          throw refusal("locks that every host sees", "the mount option " + option);
        });
    if (!OF_SEVERAL_HOSTS.contains(mount.type) && !declared(place)) {
      throw refusal(
          "a file system of several hosts, or a directory in or beside the one that the agent's configuration calls shared (directories.shared)",
          mount.type + " on " + mount.on);
    }
    lock(place);
  }

  private Mount mount(Path place) {
    return mounts.stream()
        .filter(line -> line.contains(" - "))
        .map(Mount::of)
        .filter(it -> place.startsWith(it.on))
        // The one mounted last on the deepest directory is what is seen.
        .reduce((a, b) -> b.on.getNameCount() >= a.on.getNameCount() ? b : a)
        .orElseThrow(() -> refusal("a mounted file system", "none"));
  }

  private LockRefused refusal(String expected, String found) {
    return new LockRefused("for " + directory + " " + expected, found, REMEDY);
  }

  private Path place() {
    if (!directory.isAbsolute()) {
      throw refusal("an absolute path", "a relative one");
    }
    if (!Files.isDirectory(directory)) {
      throw new LockRefused(
          "the directory " + directory,
          Files.exists(directory) ? "something else" : "nothing",
          "Make it once, on the file system that every host mounts: mkdir -m 700 " + directory);
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be looked at", e);
    }
  }

  /** The operator's own word, in the agent's configuration: that directory, or one beside it. */
  private boolean declared(Path place) {
    if (shared.isEmpty() || !Files.isDirectory(shared.get())) {
      return false;
    }
    try {
      Path theirs = shared.get().toRealPath();
      Optional<Path> above = Optional.ofNullable(theirs.getParent());
      boolean beside = above.isPresent() && above.equals(Optional.ofNullable(place.getParent()));
      return (place.startsWith(theirs) || beside) && mount(place).equals(mount(theirs));
    } catch (IOException e) {
      return false;
    }
  }

  private void lock(Path place) {
    try {
      Path file = Files.createTempFile(place, ".godwit-lock-", "");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          throw refusal("a file that can be locked", "one that cannot");
        }
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw refusal("files that can be made and locked in it", String.valueOf(e.getMessage()));
    }
  }
}
