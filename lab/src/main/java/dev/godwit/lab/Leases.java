package dev.godwit.lab;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Leases of libvirt's lock manager: files in the shared directory, each called by the hash of a
 * disk's path. Who holds one is seen by the kernel's locks, not asked of libvirt.
 */
public final class Leases {
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Lab lab;

  public Leases(Lab lab) {
    this.lab = lab;
  }

  /** Those that a host's lock daemon holds, and no guest that is active there needs. */
  Set<String> astray(LabHost host, Virsh virsh, Collection<LabStatus.Guest> domains) {
    Set<String> held = held(host);
    if (!held.isEmpty()) {
      for (LabStatus.Guest domain : domains) {
        if (!domain.state().equals("shut off")) {
          disks(virsh, domain).map(Leases::name).forEach(held::remove);
        }
      }
    }
    return held;
  }

  private static Stream<String> disks(Virsh virsh, LabStatus.Guest domain) {
    Argv.Result list = virsh.run(LOOK, "domblklist", domain.uuid());
    return list.out()
        .lines()
        .map(line -> line.strip().split("\\s+", 2))
        .filter(words -> words.length == 2)
        .map(words -> words[1]);
  }

  /** Files that no lock daemon holds. */
  Set<String> abandoned() {
    Set<String> files = files(directory());
    if (!files.isEmpty()) {
      lab.hosts().forEach(host -> files.removeAll(held(host)));
    }
    return files;
  }

  /** Takes away what a host that lost its power cannot have released. */
  public void clearAbandoned() {
    abandoned().forEach(name -> LabFolder.remove(directory().resolve(name)));
  }

  private Path directory() {
    return lab.folder().resolve("shared/leases");
  }

  private static Set<String> held(LabHost host) {
    return host.daemon("virtlockd")
        .map(daemon -> held(Path.of("/proc/" + daemon.pid())))
        .orElseGet(TreeSet::new);
  }

  /** Leases on which a process holds the kernel's lock. */
  static Set<String> held(Path process) {
    Set<String> held = new TreeSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        String name = String.valueOf(Files.readSymbolicLink(descriptor).getFileName());
        String number = String.valueOf(descriptor.getFileName());
        if (NAME.matcher(name).matches() && locked(process.resolve("fdinfo").resolve(number))) {
          held.add(name);
        }
      }
      return held;
    } catch (IOException | DirectoryIteratorException ended) {
      return held;
    }
  }

  private static boolean locked(Path info) throws IOException {
    return Files.readAllLines(info, StandardCharsets.ISO_8859_1).stream()
        .anyMatch(line -> line.startsWith("lock:"));
  }

  static Set<String> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return new TreeSet<>();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> NAME.matcher(name).matches())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new LabFailure(directory + ": " + e);
    }
  }

  /** What the lease of a disk is called. */
  static String name(String disk) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(disk.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
