package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.LibvirtEvents;
import dev.godwit.lab.demo.DemoGuest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sees one case from outside while it happens: libvirt's events on both hosts, and the kernel. */
final class Witness implements AutoCloseable {
  private final Instant began = Instant.now();
  private final DemoGuest guest;
  private final LibvirtEvents source;
  private final LibvirtEvents destination;
  private final Pulses pulses;

  Witness(Lab lab, DemoGuest guest, Arsenal.Route route) {
    this.guest = guest;
    this.source = new LibvirtEvents(lab.host(route.source()));
    this.destination = new LibvirtEvents(lab.host(route.destination()));
    this.pulses = new Pulses(lab, route);
  }

  /** True when libvirt told an event that begins so at the destination. */
  boolean toldAtDestination(String words) {
    return destination.told(guest.domain(), words, began);
  }

  /** How long two copies have run at once so far. */
  Duration together() {
    return pulses.together();
  }

  /** The same from a moment on. */
  Duration together(Instant since) {
    return pulses.together(since);
  }

  /** When libvirt last began a copy. */
  Optional<Instant> copyBegan() {
    return pulses.copyBegan();
  }

  Copies copies() {
    return new Copies(
        source.since(guest.domain(), began),
        destination.since(guest.domain(), began),
        pulses.source(),
        pulses.destination());
  }

  @Override
  public void close() {
    pulses.close();
    source.close();
    destination.close();
  }
}
