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
  private final Optional<LibvirtEvents> events;

  /**
   * @param listen libvirt's events are needed, too
   */
  Destination(LabHost host, DemoGuest guest, boolean listen) {
    this.virsh = new Virsh(host);
    this.guest = guest;
    this.events = listen ? Optional.of(new LibvirtEvents(host)) : Optional.empty();
  }

  /** A QEMU is there for it. */
  boolean incoming() {
    return virsh.qemuPid(guest.id()).isPresent();
  }

  /** libvirt told that it was started there. */
  boolean resumed() {
    return events.flatMap(it -> it.find(guest.domain(), "Resumed Migrated", began)).isPresent();
  }

  @Override
  public void close() {
    events.ifPresent(LibvirtEvents::close);
  }
}
