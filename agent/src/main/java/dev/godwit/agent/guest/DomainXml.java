package dev.godwit.agent.guest;

import dev.godwit.core.model.MigrationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What a domain's XML says that a move has to know. */
final class DomainXml {
  /** Godwit's element in a domain's metadata. */
  static final String NAMESPACE = "https://godwit.dev/ns/instance/1";

  private static final Set<String> IMMOVABLE_DEVICES =
      Set.of("hostdev", "filesystem", "shmem", "redirdev");

  private final Element root;

  private DomainXml(Element root) {
    this.root = root;
  }

  static DomainXml parse(String text) {
    return new DomainXml(Xml.parse(text));
  }

  /**
   * A disk as the XML has it.
   *
   * @param format the image's; raw where nothing is said, as libvirt takes it
   */
  record Disk(
      String target,
      String kind,
      String path,
      String format,
      boolean writable,
      boolean shareable) {}

  String name() {
    return Xml.textAt(root, "name");
  }

  String virtType() {
    return root.getAttribute("type");
  }

  String architecture() {
    return Xml.at(root, "os", "type").map(type -> type.getAttribute("arch")).orElse("");
  }

  String machine() {
    return Xml.at(root, "os", "type").map(type -> type.getAttribute("machine")).orElse("");
  }

  /** Files of the host that QEMU reads at its start. */
  List<String> bootFiles() {
    return Stream.of("kernel", "initrd", "dtb", "loader")
        .map(part -> Xml.textAt(root, "os", part).strip())
        .filter(file -> file.startsWith("/"))
        .toList();
  }

  /** The file with the firmware's variables, in either of libvirt's ways to write it. */
  Optional<String> nvram() {
    return Xml.at(root, "os", "nvram")
        .map(nvram ->
            Xml.at(nvram, "source")
                .map(source -> source.getAttribute("file"))
                .orElseGet(() -> nvram.getTextContent().strip()))
        .filter(file -> file.startsWith("/"));
  }

  String emulator() {
    return Xml.textAt(root, "devices", "emulator");
  }

  Optional<String> cpu() {
    return Xml.at(root, "cpu").map(Xml::text);
  }

  int vcpus() {
    return Integer.parseInt(Xml.textAt(root, "vcpu"));
  }

  /** Rounded up. */
  long memoryMib() {
    long kib = UnevenMemory.kib(root).orElseGet(() -> Long.parseLong(Xml.textAt(root, "memory")));
    return (kib + 1023) / 1024;
  }

  /** True when it has memory that every QEMU moves whole; see {@link UnevenMemory}. */
  boolean unevenMemory() {
    return UnevenMemory.has(root);
  }

  /** The migration that brought it, as long as that has not settled. */
  Optional<MigrationId> broughtBy() {
    return MoveMark.in(root);
  }

  boolean ours() {
    return Xml.metadata(root, NAMESPACE, "instance").isPresent();
  }

  List<Disk> disks() {
    return devices("disk").stream()
        .filter(disk -> Xml.at(disk, "source").isPresent())
        .map(DomainXml::disk)
        .toList();
  }

  /** The images of disks in files. */
  List<String> images() {
    return disks().stream().filter(disk -> disk.kind().equals("file")).map(Disk::path).toList();
  }

  private static Disk disk(Element disk) {
    String kind = disk.getAttribute("type");
    Element source = Xml.at(disk, "source").orElseThrow();
    String path =
        switch (kind) {
          case "file" -> source.getAttribute("file");
          case "block" -> source.getAttribute("dev");
          default -> source.getAttribute("name");
        };
    String device = disk.getAttribute("device");
    boolean readOnly = Xml.at(disk, "readonly").isPresent() || device.equals("cdrom");
    return new Disk(
        Xml.at(disk, "target").map(target -> target.getAttribute("dev")).orElse(""),
        kind,
        path,
        Xml.at(disk, "driver")
            .map(driver -> driver.getAttribute("type"))
            .filter(type -> !type.isEmpty())
            .orElse("raw"),
        !readOnly,
        Xml.at(disk, "shareable").isPresent());
  }

  /** Devices that stay with their host, in libvirt's words. */
  List<String> immovable() {
    List<String> found = new ArrayList<>();
    // Memory that only this host's processor can read.
    Xml.at(root, "launchSecurity")
        .ifPresent(it -> found.add("launchSecurity " + it.getAttribute("type")));
    for (Node node = devices().getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element device && staysHere(device)) {
        found.add(device.getLocalName() + " " + device.getAttribute("type"));
      }
    }
    return found;
  }

  private static boolean staysHere(Element device) {
    String type = device.getAttribute("type");
    return switch (String.valueOf(device.getLocalName())) {
      case "interface" -> Set.of("hostdev", "direct", "vdpa").contains(type);
      case "tpm" ->
          Xml.at(device, "backend")
              .map(backend -> backend.getAttribute("type").equals("passthrough"))
              .orElse(false);
      case "input" -> Set.of("passthrough", "evdev").contains(type);
      case "memory" -> Set.of("nvdimm", "virtio-pmem").contains(device.getAttribute("model"));
      case String name -> IMMOVABLE_DEVICES.contains(name);
    };
  }

  List<String> bridges() {
    return devices("interface").stream()
        .flatMap(device -> Xml.at(device, "source").stream())
        .map(source -> source.getAttribute("bridge"))
        .filter(bridge -> !bridge.isEmpty())
        .distinct()
        .toList();
  }

  private Element devices() {
    return Xml.at(root, "devices").orElse(root);
  }

  private List<Element> devices(String name) {
    return Xml.children(devices(), name);
  }
}
