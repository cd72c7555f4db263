package dev.godwit.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host still holds of a guest that is not there: looked at from outside, not asked of
 * Godwit.
 */
public final class Leftovers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final int MOST_WALKS = 20;
  private static final int FIRST_MIGRATION_PORT = 49152;
  private static final int LAST_MIGRATION_PORT = 49215;

  private static final String PROOFS = "proofs";

  private final Lab lab;
  private final Leases leases;

  public Leftovers(Lab lab) {
    this.lab = lab;
    this.leases = new Leases(lab);
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
    found.addAll(besides(host, virsh, domains));
    found.addAll(ofAgent(host.home().resolve("agent"), guest));
    return found;
  }

  /**
   * What moves left on the host on which the guest is at home: all but the guest itself. Its disks
   * belong to it alone, so a maker in a marker is told, too.
   */
  public List<String> atHome(String hostName, Of guest) {
    LabHost host = lab.host(hostName);
    Virsh virsh = new Virsh(host);
    List<String> found = new ArrayList<>(besides(host, virsh, virsh.guests()));
    found.addAll(ofAgent(host.home().resolve("agent"), guest));
    Path local = new LocalDisk(host).outside();
    for (Path tree : List.of(lab.folder().resolve("shared"), local)) {
      makers(tree, guest).forEach(marker -> found.add("unfinished disk of " + marker));
    }
    return found;
  }

  /** Names of all files of the guest on a host, without what differs from run to run. */
  public Set<String> belongings(String hostName, Of guest) {
    LabHost host = lab.host(hostName);
    Set<String> names = new TreeSet<>();
    Path local = new LocalDisk(host).outside();
    for (Path tree :
        List.of(
            host.required().view("run"),
            host.required().view("var/lib/libvirt"),
            host.required().view("etc/libvirt"),
            lab.folder().resolve("shared"),
            local)) {
      walk(tree).stream()
          .map(tree::relativize)
          .map(Path::toString)
          .filter(name -> name.contains(guest.id()) || name.contains(guest.domain()))
          .map(name -> name.replaceAll("domain-[0-9]+-", "domain-N-"))
          .forEach(name -> names.add(tree.getFileName() + "/" + name));
    }
    return names;
  }

  /**
   * Of whatever guest. The hosts share the machine's /tmp with everybody, and nothing in it tells
   * whose it is: that is not looked at.
   */
  private List<String> besides(LabHost host, Virsh virsh, List<LabStatus.Guest> domains) {
    List<String> found = new ArrayList<>();
    Namespaces space = host.required();
    marks(lab.folder().resolve("shared")).forEach(path -> found.add("file " + path));
    marks(new LocalDisk(host).outside()).forEach(path -> found.add("file " + path));
    marks(lab.folder().resolve("server")).forEach(path -> found.add("file " + path));
    Set<String> taps = taps(space);
    Set<String> filtered = filtered(virsh);
    Set<String> cards = cards(virsh, domains);
    without(cards, taps).forEach(tap -> found.add("network device " + tap));
    without(cards, filtered).forEach(tap -> found.add("network filter's binding of " + tap));
    ports(space).forEach(port -> found.add("listening port " + port));
    leases.astray(host, virsh, domains).forEach(it -> found.add("lease " + it + " of no guest"));
    leases.abandoned().forEach(it -> found.add("lease file " + it + " that nobody holds"));
    return found;
  }

  /**
   * Notes of the guest's migrations that the agent does not take for over, half-written files, and
   * its notes of proofs, which are made for a plan and are gone after it.
   */
  static List<String> ofAgent(Path agent, Of guest) {
    List<String> found = new ArrayList<>();
    for (Path path : walk(agent)) {
      String name = String.valueOf(path.getFileName());
      if (halfWritten(name)) {
        found.add("half-written file " + path);
      } else if (name.endsWith(".json") && open(json(path), guest)) {
        found.add("open note " + path);
      } else if (agent.resolve(PROOFS).equals(path.getParent())) {
        found.add("note of a proof " + path);
      }
    }
    return found;
  }

  private static boolean open(JsonNode note, Of guest) {
    return note.path("instance").asText().equals(guest.id())
        && note.path("closed_by").asLong() == 0;
  }

  /** Markers of the guest's disks that name somebody who is still making them. */
  private static List<Path> makers(Path tree, Of guest) {
    return walk(tree).stream()
        .filter(path -> path.getFileName().toString().endsWith(".godwit"))
        .filter(path -> {
          JsonNode marker = json(path);
          return marker.path("instance").asText().equals(guest.id())
              && !marker.path("maker").asText().isEmpty();
        })
        .toList();
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(LabFolder.read(file).orElse("{}"));
    } catch (JsonProcessingException changing) {
      return JSON.createObjectNode();
    }
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
  static List<Path> marks(Path tree) {
    return walk(tree).stream()
        .filter(path -> {
          String name = path.getFileName().toString();
          return name.startsWith(".godwit-") || halfWritten(name);
        })
        .toList();
  }

  /** What Godwit and libvirt call a file until it is whole. */
  private static boolean halfWritten(String name) {
    return name.endsWith(".new") || name.endsWith(".part");
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

  /** All of the host's taps, on the guests' bridge or not. */
  private static Set<String> taps(Namespaces space) {
    return links(Argv.must(LOOK, space.inside(List.of("ip", "-o", "link", "show", "type", "tun"))));
  }

  /** Devices on which libvirt has network filters; none where it has no driver for them. */
  private static Set<String> filtered(Virsh virsh) {
    return firstWords(virsh.run(LOOK, "nwfilter-binding-list").out());
  }

  /** Devices that the host's domains name. */
  private static Set<String> cards(Virsh virsh, List<LabStatus.Guest> domains) {
    Set<String> cards = new HashSet<>();
    domains.forEach(
        domain -> cards.addAll(firstWords(virsh.run(LOOK, "domiflist", domain.uuid()).out())));
    return cards;
  }

  private static Set<String> without(Set<String> cards, Set<String> devices) {
    Set<String> rest = new TreeSet<>(devices);
    rest.removeAll(cards);
    return rest;
  }

  /** Names in what ip -o link prints. */
  static Set<String> links(String lines) {
    return lines.lines().map(line -> line.split("[:@ ]+")[1]).collect(Collectors.toSet());
  }

  /** The first column of what virsh -q prints. */
  static Set<String> firstWords(String lines) {
    return lines
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(line -> line.split(" ")[0])
        .collect(Collectors.toSet());
  }

  /** Ports on which QEMU still waits for a guest or its disks. */
  private static List<Integer> ports(Namespaces space) {
    return Sockets.listening(space.pid()).stream()
        .filter(port -> port >= FIRST_MIGRATION_PORT && port <= LAST_MIGRATION_PORT)
        .toList();
  }
}
