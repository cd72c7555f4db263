package dev.godwit.agent.guest;

import dev.godwit.agent.host.Daemon;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.PowerState;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainSummary;
import dev.godwit.libvirt.LibvirtException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The domains of this host. */
public final class Listing {
  private final Daemon daemon;
  private final FileSystem system;

  /** What was read of each last: it is looked at each second, and seldom another. */
  private final Map<UUID, Read> last = new ConcurrentHashMap<>();

  private record Read(
      String xml,
      String name,
      long memoryMib,
      int vcpus,
      boolean ours,
      Optional<MigrationId> broughtBy) {
    static Read of(String text) {
      DomainXml xml = DomainXml.parse(text);
      return new Read(text, xml.name(), xml.memoryMib(), xml.vcpus(), xml.ours(), xml.broughtBy());
    }
  }

  public Listing(Daemon daemon, FileSystem system) {
    this.system = system;
    this.daemon = daemon;
  }

  /** A path of this host. */
  public Path path(String text) {
    return system.getPath(text);
  }

  /** Every one; a domain that goes away meanwhile is left out. */
  public List<GuestListing> all() {
    return daemon.ask(
        Daemon.Use.LIST,
        connection -> {
          List<DomainSummary> there = connection.list(List.of());
          last.keySet().retainAll(there.stream().map(DomainSummary::uuid).toList());
          List<GuestListing> found = new ArrayList<>();
          for (DomainSummary summary : there) {
            unlessGone(connection.domain(summary.uuid())).ifPresent(found::add);
          }
          return found;
        });
  }

  /** The migration whose mark a domain bore when it was listed last. */
  public Optional<MigrationId> broughtBy(InstanceId instance) {
    return Optional.ofNullable(last.get(instance.value())).flatMap(Read::broughtBy);
  }

  /** One of them, if it is there. */
  public Optional<GuestListing> find(InstanceId instance) {
    return daemon.ask(
        Daemon.Use.LIST, connection -> unlessGone(connection.domain(instance.value())));
  }

  /** Images that guests of this host use, this one's left out. */
  public List<Path> imagesOfOthers(InstanceId instance) {
    return daemon.ask(
        Daemon.Use.LIST,
        connection -> {
          List<Path> found = new ArrayList<>();
          for (DomainSummary summary : connection.list(List.of())) {
            if (!summary.uuid().equals(instance.value())) {
              found.addAll(images(connection.domain(summary.uuid())));
            }
          }
          return found;
        });
  }

  private List<Path> images(Domain domain) {
    try {
      DomainXml xml = DomainXml.parse(domain.xml());
      return Stream.concat(xml.images().stream(), xml.nvram().stream()).map(this::path).toList();
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return List.of();
      }
      throw e;
    }
  }

  private Optional<GuestListing> unlessGone(Domain domain) {
    try {
      return Optional.of(of(domain));
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** One domain. */
  GuestListing of(Domain domain) {
    String xml = domain.xml();
    Read read =
        last.compute(
            domain.uuid(),
            (_, known) -> known != null && known.xml.equals(xml) ? known : Read.of(xml));
    return new GuestListing(
        new InstanceId(domain.uuid()),
        read.name,
        powerState(domain.state().state()),
        read.memoryMib,
        read.vcpus,
        pid(read.name),
        read.ours);
  }

  static PowerState powerState(dev.godwit.libvirt.DomainState state) {
    return switch (state) {
      case RUNNING, BLOCKED -> PowerState.RUNNING;
      case PAUSED -> PowerState.PAUSED;
      case SHUTDOWN, SHUTOFF -> PowerState.SHUTDOWN;
      case CRASHED -> PowerState.CRASHED;
      case PM_SUSPENDED -> PowerState.SUSPENDED;
      case NO_STATE, UNKNOWN -> PowerState.NOSTATE;
    };
  }

  /** libvirt writes it beside its state; 0 when there is none. */
  private long pid(String name) {
    try {
      return Long.parseLong(
          Files.readString(system.getPath("/run/libvirt/qemu").resolve(name + ".pid")).strip());
    } catch (IOException | IllegalArgumentException e) {
      return 0;
    }
  }
}
