package dev.godwit.app.real;

import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import java.util.UUID;

/** Domains that somebody runs by virsh; Godwit did not make them. */
final class Foreign {
  static final String NAME = "adopted";
  private static final String DISK = "/srv/local/adopted.qcow2";

  private Foreign() {}

  /**
   * Starts one on a host and waits until it answers; in all but its names, disk and CPU it is like
   * a guest of ours.
   *
   * @param cpu libvirt's XML of it; empty for the usual one
   */
  static Guest started(RealLab lab, String host, String cpu) {
    Guest ours = lab.guest().localDisk("vda", "qcow2").built(host);
    String xml = lab.virsh(host).must("dumpxml", ours.id(), "--inactive");
    ours.delete();
    Guest foreign = new Guest(lab, UUID.randomUUID().toString(), NAME, ours.address());
    lab.on(host, "qemu-img", "create", "-q", "-f", "qcow2", DISK, "32M");
    Path file = lab.lab().folder().resolve("run/foreign.xml");
    LabFolder.write(file, changed(xml, ours, foreign, cpu));
    lab.virsh(host).must("define", file.toString());
    lab.virsh(host).must("autostart", foreign.id());
    lab.virsh(host).must("start", foreign.id());
    foreign.awaitAnswer();
    return foreign;
  }

  private static String changed(String xml, Guest ours, Guest foreign, String cpu) {
    String changed =
        xml.replaceAll("<metadata>(?s:.)*</metadata>", "")
            .replaceAll("<name>.*</name>", "<name>" + NAME + "</name>")
            .replaceAll("/srv/local/instances/[^']*", DISK)
            .replace(ours.id(), foreign.id());
    return cpu.isEmpty()
        ? changed
        : changed.replaceAll("<cpu(?s:.)*</cpu>", "").replace("<clock ", cpu + "<clock ");
  }
}
