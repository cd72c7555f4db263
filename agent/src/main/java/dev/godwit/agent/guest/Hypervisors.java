package dev.godwit.agent.guest;

import dev.godwit.agent.host.Daemon;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Hypervisor;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/** What this host's hypervisor is; found out once. */
public final class Hypervisors {
  private static final String ARCHITECTURE = "x86_64";

  private final Daemon daemon;
  private final Optional<String> wanted;
  private volatile Optional<Found> found = Optional.empty();

  /**
   * What was found.
   *
   * @param virtTypes the best first
   */
  public record Found(
      List<String> virtTypes,
      String emulator,
      long hypervisorVersion,
      long libvirtVersion,
      String hostName,
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
  }

  /**
   * For a daemon.
   *
   * @param wanted kvm or qemu by configuration; empty to take kvm where it is
   */
  public Hypervisors(Daemon daemon, Optional<String> wanted) {
    this.daemon = daemon;
    this.wanted = wanted;
  }

  /** What it is; asked of libvirt until it has answered once. */
  public Found found() {
    return found.orElseGet(this::find);
  }

  private Found find() {
    Found fresh = daemon.ask(Daemon.Use.ACT, this::read);
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
                new IllegalStateException(
                    "libvirt knows no hypervisor for x86_64 guests here; install qemu-system-x86"));
    Element arch = Xml.at(guest, "arch").orElseThrow();
    List<String> offered =
        Xml.children(arch, "domain").stream()
            .map(domain -> domain.getAttribute("type"))
            .sorted() // kvm before qemu
            .toList();
    List<String> virtTypes = wanted.map(List::of).orElse(offered);
    Element cpu = Xml.at(capabilities, "host", "cpu").orElse(capabilities);
    Element topology = Xml.at(cpu, "topology").orElse(cpu);
    return new Found(
        virtTypes,
        Xml.textAt(arch, "emulator"),
        connection.hypervisorVersion(),
        connection.libvirtVersion(),
        connection.hostname(),
        connection.nodeInfo().activeCpus(),
        Xml.textAt(cpu, "model"),
        Xml.textAt(cpu, "vendor"),
        Xml.children(cpu, "feature").stream().map(it -> it.getAttribute("name")).toList(),
        number(topology, "sockets"),
        number(topology, "cores"),
        number(topology, "threads"));
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
