package dev.godwit.agent.guest;

import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes guests in that already run here; their run is not touched. */
public final class Adoption {
  private final Daemon daemon;
  private final Moves moves;
  private final InstanceFiles files;
  private final Listing listing;

  public Adoption(Daemon daemon, Moves moves, InstanceFiles files, Listing listing) {
    this.daemon = daemon;
    this.moves = moves;
    this.files = files;
    this.listing = listing;
  }

  Answer<GuestListing> adopt(InstanceId instance) {
    return daemon.ask(Daemon.Use.ACT, c -> adopt(instance, c.domain(instance.value())));
  }

  private Answer<GuestListing> adopt(InstanceId instance, Domain domain) {
    if (!domain.exists()) {
      return refused(
          "no-guest",
          instance,
          "a domain with this UUID on this host",
          "none",
          "List the host's domains with godwit host list.");
    }
    if (!domain.isPersistent()) {
      return refused(
          "transient-guest",
          instance,
          "a domain with a definition",
          "a transient one",
          "Define it (virsh define) from its own XML, then adopt it.");
    }
    Optional<Refusal> busy = moves.busy(domain);
    if (busy.isPresent()) {
      return new Answer.Refused<>(busy.get());
    }
    boolean runs = domain.state().state() == DomainState.RUNNING;
    Optional<Refusal> refusal = files.adopt(instance, disks(domain), runs);
    if (refusal.isPresent()) {
      return new Answer.Refused<>(refusal.get());
    }
    if (runs) {
      moves.decided(domain);
    }
    domain.setMetadata("godwit", DomainXml.NAMESPACE, "<instance/>", domain.isActive());
    MoveMark.takeFrom(domain);
    return new Answer.Given<>(listing.of(domain));
  }

  /** The disks that are the guest's alone, and its firmware's variables once there are any. */
  private List<Path> disks(Domain domain) {
    DomainXml xml = DomainXml.parse(domain.xml());
    return Stream.concat(
            xml.disks().stream()
                .filter(disk -> disk.kind().equals("file") && disk.writable() && !disk.shareable())
                .map(DomainXml.Disk::path)
                .map(listing::path),
            xml.nvram().map(listing::path).filter(Files::exists).stream())
        .toList();
  }

  private static Answer<GuestListing> refused(
      String code, InstanceId instance, String expected, String found, String remedy) {
    return new Answer.Refused<>(new Refusal(code, instance.toString(), expected, found, remedy));
  }
}
