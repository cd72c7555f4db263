package dev.godwit.agent.guest;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostTrouble;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Hypervisor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.w3c.dom.Element;

/** What this host's hypervisor is. */
public final class Hypervisors {
  private static final String ARCHITECTURE = "x86_64";
  private static final Duration HOLDS = Duration.ofMinutes(1);

  private final Daemon daemon;
  private final Optional<String> wanted;
  private final BooleanSupplier kvm;
  private final Tempo tempo;
  private volatile Optional<Found> found = Optional.empty();
  private volatile long foundAt;

  /**
   * What was found.
   *
   * @param type libvirt's name for its driver: QEMU, or simulated
   * @param virtTypes the best first
   * @param hostUuid libvirt's own, from the firmware or libvirtd.conf; empty when it has none
   */
  public record Found(
      String type,
      List<String> virtTypes,
      String emulator,
      long hypervisorVersion,
      long libvirtVersion,
      String hostName,
      String hostUuid,
      int cpus,
      String cpuModel,
      String cpuVendor,
      List<String> cpuFeatures,
      int sockets,
      int cores,
      int threads) {
    /** What new guests run with. */
    public String virtType() {
      return virtTypes.getFirst();
    }

    /** True where new guests run without KVM. */
    boolean emulates() {
      return virtType().equals("qemu");
    }
  }

  /**
   * For a daemon.
   *
   * @param wanted kvm or qemu by configuration; empty to take kvm where it works
   * @param kvm whether the kernel's device works
   */
  public Hypervisors(Daemon daemon, Optional<String> wanted, BooleanSupplier kvm, Tempo tempo) {
    this.daemon = daemon;
    this.wanted = wanted;
    this.kvm = kvm;
    this.tempo = tempo;
  }

  /** What it is; asked of libvirt once a minute, for it may be upgraded under a running agent. */
  public Found found() {
    Optional<Found> known = found;
    return known.isPresent() && tempo.nanoTime() - foundAt < HOLDS.toNanos() ? known.get() : find();
  }

  private Found find() {
    Found fresh = daemon.ask(Daemon.Use.LIST, this::read);
    foundAt = tempo.nanoTime();
    found = Optional.of(fresh);
    return fresh;
  }

  private Found read(Connection connection) {
    Element capabilities = Xml.parse(connection.capabilitiesXml());
    Element guest =
        Xml.children(capabilities, "guest").stream()
            .filter(it ->
                Xml.at(it, "arch")
                    .map(arch -> arch.getAttribute("name").equals(ARCHITECTURE))
                    .orElse(false))
            .findFirst()
            .orElseThrow(() ->
                new HostTrouble(
                    "libvirt knows no hypervisor for x86_64 guests here; install qemu-system-x86"));
    Element arch = Xml.at(guest, "arch").orElseThrow();
    List<String> offered =
        Xml.children(arch, "domain").stream()
            .map(domain -> domain.getAttribute("type"))
            .sorted() // kvm before qemu
            .toList();
    List<String> virtTypes = usable(offered, wanted, kvm.getAsBoolean());
    Element cpu = Xml.at(capabilities, "host", "cpu").orElse(capabilities);
    Element topology = Xml.at(cpu, "topology").orElse(cpu);
    return new Found(
        connection.driver(),
        virtTypes,
        Xml.textAt(arch, "emulator"),
        connection.hypervisorVersion(),
        connection.libvirtVersion(),
        connection.hostname(),
        Xml.at(capabilities, "host").map(host -> Xml.textAt(host, "uuid")).orElse(""),
        connection.nodeInfo().activeCpus(),
        Xml.textAt(cpu, "model"),
        Xml.textAt(cpu, "vendor"),
        Xml.children(cpu, "feature").stream().map(it -> it.getAttribute("name")).toList(),
        number(topology, "sockets"),
        number(topology, "cores"),
        number(topology, "threads"));
  }

  /** libvirt offers kvm wherever QEMU was built with it; the kernel has to let it in as well. */
  static List<String> usable(List<String> offered, Optional<String> wanted, boolean kvm) {
    List<String> usable = offered.stream().filter(type -> kvm || !type.equals("kvm")).toList();
    if (usable.isEmpty()) {
      throw new HostTrouble(
          "libvirt offers no hypervisor that works here; install qemu-system-x86");
    }
    if (wanted.isPresent() && !usable.contains(wanted.get())) {
      throw new HostTrouble(
          "libvirt.virt_type: expected one that this host can run (%s), found %s. Load the kvm module and look at /dev/kvm, or change the option."
              .formatted(String.join(", ", usable), wanted.get()));
    }
    return wanted.map(List::of).orElse(usable);
  }

  /**
   * True when the device can be opened.
   *
   * @param kvm /dev/kvm
   */
  public static boolean opens(Path kvm) {
    try (FileChannel device =
        FileChannel.open(kvm, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return device.isOpen();
    } catch (IOException e) {
      return false;
    }
  }

  private static int number(Element element, String attribute) {
    String text = element.getAttribute(attribute);
    return text.isEmpty() ? 1 : Integer.parseInt(text);
  }

  /** The hypervisor that a guest needs, in libvirt's terms. */
  static Hypervisor forGuest(dev.godwit.core.migration.plan.GuestFacts guest) {
    return new Hypervisor(
        Optional.of(guest.emulator()),
        Optional.of(guest.architecture()),
        Optional.of(guest.machine()),
        Optional.of(guest.virtType()));
  }
}
