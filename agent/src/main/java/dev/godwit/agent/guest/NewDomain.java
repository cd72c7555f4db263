package dev.godwit.agent.guest;

import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import java.nio.file.Path;
import java.util.Map;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The definition of a new guest. */
final class NewDomain {
  private NewDomain() {}

  /**
   * The XML of a guest.
   *
   * @param paths where each disk is, by target
   * @param hypervisor what it will run in
   */
  static String xml(
      InstanceId instance,
      GuestSpec spec,
      Map<String, Path> paths,
      Hypervisors.Found hypervisor,
      String bridge) {
    Document document = Xml.empty();
    Element domain = Xml.add(document, "domain", "type", hypervisor.virtType());
    Xml.addText(domain, "name", spec.name());
    Xml.addText(domain, "uuid", instance.toString());
    Element metadata = Xml.add(domain, "metadata");
    metadata.appendChild(document.createElementNS(DomainXml.NAMESPACE, "godwit:instance"));
    Xml.addText(domain, "memory", Integer.toString(spec.memoryMib()), "unit", "MiB");
    Xml.addText(domain, "vcpu", Integer.toString(spec.vcpus()));
    os(domain, spec.boot());
    Element features = Xml.add(domain, "features");
    Xml.add(features, "acpi");
    Xml.add(features, "apic");
    if (hypervisor.virtType().equals("kvm")) {
      Xml.add(domain, "cpu", "mode", "host-model");
    }
    Xml.add(domain, "clock", "offset", "utc");
    Xml.addText(domain, "on_reboot", "restart");
    Xml.addText(domain, "on_crash", "destroy");
    devices(domain, spec, paths, hypervisor.emulator(), bridge);
    if (hypervisor.emulates()
        && hypervisor.hypervisorVersion() < GuestFacts.EVEN_MEMORY_MOVES_WHOLE) {
      UnevenMemory.give(domain, spec.memoryMib());
    }
    return Xml.text(domain);
  }

  private static void os(Element domain, BootSpec boot) {
    Element os = Xml.add(domain, "os");
    Xml.addText(os, "type", "hvm", "arch", "x86_64", "machine", "pc");
    switch (boot) {
      case BootSpec.Kernel(String kernel, String initrd, String arguments) -> {
        Xml.addText(os, "kernel", kernel);
        Xml.addText(os, "initrd", initrd);
        Xml.addText(os, "cmdline", arguments);
      }
      case BootSpec.Disk() -> Xml.add(os, "boot", "dev", "hd");
    }
  }

  private static void devices(
      Element domain, GuestSpec spec, Map<String, Path> paths, String emulator, String bridge) {
    Element devices = Xml.add(domain, "devices");
    Xml.addText(devices, "emulator", emulator);
    for (DiskSpec disk : spec.disks()) {
      Element element = Xml.add(devices, "disk", "type", "file", "device", "disk");
      // A shared image needs a cache mode that both hosts agree with.
      Xml.add(element, "driver", "name", "qemu", "type", disk.format().word(), "cache", "none");
      Path path = paths.get(disk.target());
      Xml.add(element, "source", "file", String.valueOf(path));
      Xml.add(element, "target", "dev", disk.target(), "bus", "virtio");
    }
    for (String address : spec.networkAddresses()) {
      Element card = Xml.add(devices, "interface", "type", "bridge");
      Xml.add(card, "mac", "address", address);
      Xml.add(card, "source", "bridge", bridge);
      Xml.add(card, "model", "type", "virtio");
    }
    Element serial = Xml.add(devices, "serial", "type", "pty");
    Xml.add(serial, "target", "port", "0");
    Xml.add(devices, "controller", "type", "usb", "model", "none");
    Xml.add(devices, "memballoon", "model", "none");
  }
}
