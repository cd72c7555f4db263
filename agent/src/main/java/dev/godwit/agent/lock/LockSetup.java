package dev.godwit.agent.lock;

import dev.godwit.agent.file.FileTrouble;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes libvirt's configuration for lockd with leases in one directory. A daemon reads it when it
 * starts: none is restarted here.
 */
public final class LockSetup {
  static final String DRIVER = "lockd";
  private static final String LOCK_MANAGER = "lock_manager";
  private static final String LEASES = "auto_disk_leases";
  private static final String DIRECTORY = "file_lockspace_dir";

  private final Path qemu;
  private final Path lockd;
  private final List<String> mounts;
  private final Optional<Path> shared;

  /**
   * The set-up of a host.
   *
   * @param libvirt libvirt's own directory, /etc/libvirt
   * @param mounts the lines of /proc/self/mountinfo
   * @param shared the directory that the agent's configuration calls shared
   */
  public LockSetup(Path libvirt, List<String> mounts, Optional<Path> shared) {
    this.qemu = libvirt.resolve("qemu.conf");
    this.lockd = lockd(libvirt);
    this.mounts = List.copyOf(mounts);
    this.shared = shared;
  }

  /**
   * Writes what is missing; what was changed, line by line, and nothing when all was there. {@link
   * LockRefused} before anything is written when it cannot work or the operator wrote otherwise.
   */
  public List<String> write(Path directory) {
    new LockSpace(directory, mounts, shared).check();
    if (!directory.toString().matches("[^\"\\\\\n]+")) {
      throw new LockRefused(
          "a path without quotes and line ends", directory.toString(), "Name another directory.");
    }
    LibvirtConf ofLockd = LibvirtConf.read(lockd);
    LibvirtConf ofQemu = LibvirtConf.read(qemu);
    checkOthers(ofQemu, ofLockd, directory);
    List<String> changes = new ArrayList<>();
    // The lock manager last: a half of this changes nothing.
    for (String[] setting : new String[][] {{LEASES, "1"}, {DIRECTORY, "\"" + directory + "\""}}) {
      if (ofLockd.value(setting[0]).isEmpty()) {
        ofLockd = ofLockd.with(setting[0], setting[1]);
        changes.add("%s: %s = %s".formatted(lockd, setting[0], setting[1]));
      }
    }
    if (!changes.isEmpty()) {
      ofLockd.write();
    }
    if (!ofQemu.value(LOCK_MANAGER).equals(Optional.of(DRIVER))) {
      ofQemu.with(LOCK_MANAGER, "\"" + DRIVER + "\"").write();
      changes.add("%s: %s = \"%s\"".formatted(qemu, LOCK_MANAGER, DRIVER));
    }
    return changes;
  }

  private void checkOthers(LibvirtConf ofQemu, LibvirtConf ofLockd, Path directory) {
    ofQemu
        .value(LOCK_MANAGER)
        .filter(value -> !value.equals(DRIVER) && !value.equals("nop"))
        .ifPresent(other -> {
          throw new LockRefused(
              "no other lock manager in " + qemu,
              "\"" + other + "\"",
              "Guests are guarded by it; Godwit proves leases of lockd only. Remove that line if lockd is to take its place.");
        });
    ofLockd
        .value(LEASES)
        .filter(value -> !value.equals("1"))
        .ifPresent(value -> {
          throw new LockRefused(
              LEASES + " = 1 in " + lockd,
              value,
              "Without it only guests whose definitions name a lease have one. Remove that line.");
        });
    ofLockd
        .value(DIRECTORY)
        .filter(value -> !Path.of(value).equals(directory))
        .ifPresent(value -> {
          throw new LockRefused(
              DIRECTORY + " = \"" + directory + "\" in " + lockd,
              "\"" + value + "\"",
              "All hosts have to use one directory, and guests that run hold their leases in that one: name it, or empty the hosts of guests, one after the other, and remove that line.");
        });
  }

  private static Path lockd(Path libvirt) {
    return libvirt.resolve("qemu-lockd.conf");
  }

  /**
   * Where lockd keeps leases, whether or not it is the lock manager now; {@link FileTrouble} when
   * the configuration does not tell.
   *
   * @param libvirt libvirt's own directory, /etc/libvirt
   */
  public static Optional<Path> space(Path libvirt) {
    try {
      return LibvirtConf.read(lockd(libvirt))
          .value(DIRECTORY)
          .map(directory -> libvirt.getFileSystem().getPath(directory).normalize());
    } catch (LockRefused | UncheckedIOException e) {
      throw new FileTrouble("" + e.getMessage());
    }
  }

  /** Where the configuration keeps leases, when it says lockd; empty otherwise. */
  Optional<Path> configured() {
    return LibvirtConf.read(qemu)
        .value(LOCK_MANAGER)
        .filter(DRIVER::equals)
        .flatMap(_ -> LibvirtConf.read(lockd).value(DIRECTORY))
        .map(Path::of);
  }

  /** Why leases in it would guard nothing; empty when they might. */
  Optional<String> trouble(Path directory) {
    try {
      new LockSpace(directory, mounts, shared).check();
      return Optional.empty();
    } catch (LockRefused refused) {
      return Optional.ofNullable(refused.getMessage());
    }
  }
}
