package dev.godwit.simulation.files;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A disk with its file system: one host's own, or one that several hosts have mounted.
 *
 * <p>Room is counted in blocks of file content, 4 KiB each; names take none. What programs write is
 * seen by all at once, but is durable only after a force: of the file for its bytes, of the
 * directory for a name. {@link #powerLoss} takes of the rest what chance wants; the end of a
 * process takes nothing.
 */
public final class Disk {
  /** How it answers. */
  public enum Condition {
    /** Reads and writes. */
    WELL,
    /** Refuses every change, as ext4 does after it met an error. */
    READ_ONLY,
    /** Every access is an input/output error. */
    FAILING
  }

  private final String name;
  private final long device;
  private final long capacityBytes;
  private final Clock clock;
  private final Names names = new Names();
  private final Set<RegularFile> unforced = new LinkedHashSet<>();
  private final Directory root;
  private Condition condition = Condition.WELL;
  private long inodes;
  private long used;
  private long ballast;
  private long refusals;
  private int open;

  /**
   * An empty one.
   *
   * @param name as mount(8) shows it
   * @param device its number, as stat(2) shows it; another for each disk of a world
   * @param clock gives the times of files
   */
  public Disk(String name, long device, long capacityBytes, Clock clock) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("expected a capacity, found " + capacityBytes);
    }
    this.name = name;
    this.device = device;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
    this.root = new Directory(this, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** As mount(8) shows it. */
  public String name() {
    return name;
  }

  /** Its number, as stat(2) shows it. */
  public long device() {
    return device;
  }

  /** All of it. */
  public long capacityBytes() {
    return capacityBytes;
  }

  /** What files take. */
  public long usedBytes() {
    return used;
  }

  /** What can still be written. */
  public long usableBytes() {
    return Math.max(0, capacityBytes - used - ballast);
  }

  /** Somebody else takes all the room that there is now; what is removed later is room again. */
  public void fill() {
    ballast += usableBytes();
  }

  /** How often somebody found no room. */
  public long refusals() {
    return refusals;
  }

  /** Takes back every {@link #fill}. */
  public void makeRoom() {
    ballast = 0;
  }

  /** How it answers from now on. */
  public void condition(Condition from) {
    condition = from;
  }

  /** How it answers. */
  public Condition condition() {
    return condition;
  }

  /** All is durable now: sync(2), or the half minute after which Linux does it by itself. */
  public void settle() {
    names.settle();
    unforced.forEach(RegularFile::settle);
    unforced.clear();
  }

  /**
   * For each change that was not forced, chance decides whether it is still there when the power is
   * back: a name is the old or the new one; a file's bytes are all old, all new, or none where it
   * was emptied or made since. The processes that had files open are to be ended before.
   *
   * @param random one whose first bits differ between small seeds, which {@link java.util.Random}'s
   *     do not
   */
  public void powerLoss(RandomGenerator random) {
    if (open > 0) {
      throw new IllegalStateException(
          "%s: expected no process to outlive the power, found %s open files. Close their file systems first."
              .formatted(name, open));
    }
    names.powerLoss(random);
    unforced.forEach(file -> file.powerLoss(random));
    unforced.clear();
    used = 0;
    Set<Node> seen = new HashSet<>();
    root.nodes().forEach(node -> recount(node, seen));
  }

  private void recount(Node node, Set<Node> seen) {
    if (!seen.add(node)) {
      node.links(node.links() + 1);
      return;
    }
    node.links(1);
    used += node.weight();
    if (node instanceof Directory directory) {
      directory.nodes().forEach(child -> recount(child, seen));
    }
  }

  Directory root() {
    return root;
  }

  Names names() {
    return names;
  }

  FileTime now() {
    return FileTime.from(clock.instant());
  }

  long nextInode() {
    return ++inodes;
  }

  void checkReadable() throws LinuxError {
    if (condition == Condition.FAILING) {
      throw new LinuxError(LinuxError.Code.IO);
    }
  }

  void checkWritable() throws LinuxError {
    checkReadable();
    if (condition == Condition.READ_ONLY) {
      throw new LinuxError(LinuxError.Code.READ_ONLY);
    }
  }

  boolean take(long bytes) {
    if (bytes > usableBytes()) {
      refusals++;
      return false;
    }
    used += bytes;
    return true;
  }

  void give(long bytes) {
    used -= bytes;
  }

  void unforced(RegularFile file) {
    unforced.add(file);
  }

  void forced(RegularFile file) {
    unforced.remove(file);
  }

  void opened(int more) {
    open += more;
  }

  /** Gives room back when neither a name nor a process has the file any more. */
  void forget(Node node) {
    if (node.links() == 0 && node instanceof RegularFile file && !file.isOpen()) {
      give(file.weight());
    }
  }
}
