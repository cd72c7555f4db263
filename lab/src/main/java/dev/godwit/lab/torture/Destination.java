package dev.godwit.lab.torture;

import dev.godwit.lab.LibvirtEvents;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.host.LabHost;
import java.time.Instant;
import java.util.Optional;

/** What is seen of a guest on the host that it is to come to. */
final class Destination implements AutoCloseable {
  private final Virsh virsh;
  private final DemoGuest guest;
  private final Instant began = Instant.now();
  private final Optional<String> awaited;
  private final Optional<LibvirtEvents> events;

  /**
   * @param awaited beginning of the event of libvirt by which the guest was resumed there; empty
   *     when nobody asks for that
   */
  Destination(LabHost host, DemoGuest guest, Optional<String> awaited) {
    this.virsh = new Virsh(host);
    this.guest = guest;
    this.awaited = awaited;
    this.events = awaited.map(_ -> new LibvirtEvents(host));
  }

  /** A QEMU is there for it. */
  boolean incoming() {
    return virsh.qemuPid(guest.id()).isPresent();
  }

  /** libvirt told that it was started there. */
  boolean resumed() {
    return events.map(it -> it.told(guest.domain(), awaited.orElseThrow(), began)).orElse(false);
  }

  @Override
  public void close() {
    events.ifPresent(LibvirtEvents::close);
  }
}
