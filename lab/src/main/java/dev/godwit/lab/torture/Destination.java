package dev.godwit.lab.torture;

import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.host.LabHost;

/** What is seen of a guest on the host that it is to come to. */
final class Destination {
  private final Virsh virsh;
  private final DemoGuest guest;
  private final Witness witness;
  private final String resumed;

  /**
   * @param resumed beginning of the event of libvirt by which the guest is resumed there
   */
  Destination(LabHost host, DemoGuest guest, Witness witness, String resumed) {
    this.virsh = new Virsh(host);
    this.guest = guest;
    this.witness = witness;
    this.resumed = resumed;
  }

  /** A QEMU is there for it. */
  boolean incoming() {
    return virsh.qemuPid(guest.id()).isPresent();
  }

  /** libvirt told that it was started there. */
  boolean resumed() {
    return witness.toldAtDestination(resumed);
  }
}
