package dev.godwit.lab;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.LocalDisk;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a host still holds of a guest that is not there: looked at from outside, not asked of
 * Godwit.
 */
public final class Leftovers {
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final int MOST_WALKS = 20;
  private static final int FIRST_MIGRATION_PORT = 49152;
  private static final int LAST_MIGRATION_PORT = 49215;

  private final Lab lab;

  public Leftovers(Lab lab) {
    this.lab = lab;
  }

  /**
   * A guest that is looked for.
   *
   * @param id its UUID
   * @param domain as libvirt calls it
   */
  public record Of(String id, String domain) {
    public Of {
      if (id.isBlank() || domain.isBlank()) {
        throw new IllegalArgumentException(
            "a guest: expected its UUID and libvirt's name, found '%s' and '%s'"
                .formatted(id, domain));
      }
    }
  }

  /** Everything of the guest that the host still has; empty when there is nothing. */
  public List<String> on(String hostName, Of guest) {
    LabHost host = lab.host(hostName);
    List<String> found = new ArrayList<>();
    Virsh virsh = new Virsh(host);
    List<LabStatus.Guest> domains = virsh.guests();
    domains.stream()
        .filter(domain -> domain.uuid().equals(guest.id()) || domain.name().equals(guest.domain()))
        .forEach(domain -> found.add("domain " + domain.name() + " (" + domain.state() + ")"));
    Namespaces space = host.required();
    processes(space, guest).forEach(pid -> found.add("process " + pid + " of QEMU"));
    Path local = new LocalDisk(host).outside();
    files(local, guest).forEach(path -> found.add("file " + path));
    for (String part : List.of("run", "var/lib/libvirt", "etc/libvirt")) {
      files(space.view(part), guest).forEach(path -> found.add("file " + path));
    }
    marks(lab.folder().resolve("shared")).forEach(path -> found.add("file " + path));
    marks(local).forEach(path -> found.add("file " + path));
    taps(space, virsh, domains).forEach(tap -> found.add("network device " + tap));
    ports(space).forEach(port -> found.add("listening port " + port));
    return found;
  }

  private static List<Long> processes(Namespaces space, Of guest) {
    List<Long> all = new ArrayList<>(RecordedProcess.children(space.pid()));
    List.copyOf(all).forEach(child -> all.addAll(RecordedProcess.children(child)));
    return all.stream()
        .filter(pid -> RecordedProcess.commandLine(pid).contains("-uuid " + guest.id()))
        .toList();
  }

  /** Logs are not looked at: libvirt keeps them on purpose. */
  private static List<Path> files(Path tree, Of guest) {
    return walk(tree).stream()
        .filter(path -> {
          String name = path.getFileName().toString();
          return name.contains(guest.id()) || name.contains(guest.domain());
        })
        .toList();
  }

  /** Proofs that a directory is shared, and files half written. */
  private static List<Path> marks(Path tree) {
    return walk(tree).stream()
        .filter(path -> {
          String name = path.getFileName().toString();
          return name.startsWith(".godwit-") || name.endsWith(".new");
        })
        .toList();
  }

  private static List<Path> walk(Path tree) {
    for (int i = 1; i < MOST_WALKS; i++) {
      Optional<List<Path>> found = walkOnce(tree);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return walkOnce(tree)
        .orElseThrow(() -> new LabFailure(tree + " changes faster than it is read"));
  }

  /** Empty when something went away while it was walked past. */
  private static Optional<List<Path>> walkOnce(Path tree) {
    try (Stream<Path> walk = Files.walk(tree)) {
      return Optional.of(walk.filter(path -> path.getFileName() != null).toList());
    } catch (NoSuchFileException none) {
      return Optional.of(List.of());
    } catch (UncheckedIOException gone) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Taps on the guests' bridge that belong to no domain. */
  private static Set<String> taps(Namespaces space, Virsh virsh, List<LabStatus.Guest> domains) {
    Set<String> taps = new HashSet<>();
    Argv.must(LOOK, space.inside(List.of("ip", "-o", "link", "show", "master", "br0")))
        .lines()
        .map(line -> line.split("[:@ ]+")[1])
        .filter(name -> name.startsWith("vnet"))
        .forEach(taps::add);
    for (LabStatus.Guest domain : domains) {
      Argv.Result cards = virsh.run(LOOK, "domiflist", domain.uuid());
      cards.out().lines().map(line -> line.strip().split(" ")[0]).forEach(taps::remove);
    }
    return taps;
  }

  /** Ports on which QEMU still waits for a guest or its disks. */
  private static List<Integer> ports(Namespaces space) {
    return Sockets.listening(space.pid()).stream()
        .filter(port -> port >= FIRST_MIGRATION_PORT && port <= LAST_MIGRATION_PORT)
        .toList();
  }
}
