package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libvirt's lock manager on this host as /proc shows it: what the running daemon has loaded, and
 * what its lock daemon holds. What the configuration says may be of after the next restart.
 */
public final class LockDaemon {
  /** The word for none: libvirt has it built in. */
  public static final String NOP = "nop";

  private static final String DAEMON = "virtlockd";
  private static final List<String> HYPERVISOR_DAEMONS = List.of("virtqemud", "libvirtd");
  private static final Pattern LOADED = Pattern.compile("/lock-driver/([a-z0-9_-]+)\\.so");

  /** As fdinfo has it: {@code lock: 1: POSIX ADVISORY WRITE 74 fe:00:2269467 0 0}. */
  private static final Pattern HELD =
      Pattern.compile("lock:\\s+\\d+:\\s+POSIX\\s+ADVISORY\\s+WRITE\\s+\\d+\\s+\\S+\\s+0\\s.*");

  private final Path root;

  /**
   * The daemons of a host.
   *
   * @param root where its /run and /proc are
   */
  public LockDaemon(Path root) {
    this.root = root;
  }

  /** The lock manager that the hypervisor daemon has loaded; empty when no daemon is seen. */
  public Optional<String> driver() {
    return HYPERVISOR_DAEMONS.stream()
        .flatMap(name -> process(name).stream())
        .findFirst()
        .flatMap(LockDaemon::loaded);
  }

  private static Optional<String> loaded(Path process) {
    return text(process.resolve("maps"))
        .map(maps -> {
          Matcher found = LOADED.matcher(maps);
          return found.find() ? found.group(1) : NOP;
        });
  }

  /** True when the lock daemon runs. */
  public boolean runs() {
    return process(DAEMON).isPresent();
  }

  /**
   * The files by which the lock daemon keeps these disks from others at this moment, by disk:
   * libvirt names a lease after the disk's path.
   */
  public Map<String, String> leases(Collection<String> disks) {
    Map<String, String> held = new HashMap<>();
    if (disks.isEmpty()) {
      return held;
    }
    Map<String, String> diskByLease = new HashMap<>();
    disks.forEach(disk -> diskByLease.put(leaseName(disk), disk));
    process(DAEMON)
        .ifPresent(process -> {
          for (Path lease : locked(process)) {
            Optional.ofNullable(diskByLease.get(String.valueOf(lease.getFileName())))
                .ifPresent(disk -> held.put(disk, lease.toString()));
          }
        });
    return held;
  }

  private static String leaseName(String disk) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(disk.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static List<Path> locked(Path process) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (holdsLock(process, descriptor)) {
          files.add(Files.readSymbolicLink(descriptor));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It ended meanwhile, or is not ours to look at: what is not seen to be held is not held.
      return List.of();
    }
    return files;
  }

  private static boolean holdsLock(Path process, Path descriptor) {
    return text(process.resolve("fdinfo").resolve(String.valueOf(descriptor.getFileName())))
        .stream()
        .flatMap(String::lines)
        .anyMatch(line -> HELD.matcher(line).matches());
  }

  /** The daemon by its own pid file, unless the number is another process's by now. */
  private Optional<Path> process(String name) {
    return text(root.resolve("run").resolve(name + ".pid"))
        .map(String::strip)
        .filter(pid -> pid.matches("\\d{1,10}"))
        .map(pid -> root.resolve("proc").resolve(pid))
        .filter(
            process -> text(process.resolve("comm")).map(String::strip).equals(Optional.of(name)));
  }

  /** Names in it may be in any encoding. */
  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
