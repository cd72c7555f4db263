package dev.godwit.agent.guest;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.DomainSummary;
import dev.godwit.libvirt.LibvirtException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of this host's running guests hold the leases of the disks that they write. */
public final class GuestLeases {
  private final Daemon daemon;
  private final LockDaemon locks;

  public GuestLeases(Daemon daemon, LockDaemon locks) {
    this.daemon = daemon;
    this.locks = locks;
  }

  /**
   * A running guest.
   *
   * @param without disks that it writes without a lease
   */
  public record Held(String name, List<String> without) {
    public Held {
      without = List.copyOf(without);
    }
  }

  /** Every running one; {@link LibvirtException} when libvirt does not answer. */
  public List<Held> all() {
    return daemon.ask(
        Daemon.Use.LIST,
        connection -> {
          List<Held> found = new ArrayList<>();
          for (DomainSummary summary : connection.list(List.of())) {
            of(connection, summary).ifPresent(found::add);
          }
          return found;
        });
  }

  private Optional<Held> of(Connection connection, DomainSummary summary) {
    try {
      Domain domain = connection.domain(summary.uuid());
      if (domain.state().state() != DomainState.RUNNING) {
        return Optional.empty();
      }
      DomainXml xml = DomainXml.parse(domain.xml());
      List<String> written =
          xml.disks().stream()
              .filter(disk -> disk.writable() && !disk.shareable() && disk.kind().equals("file"))
              .map(DomainXml.Disk::path)
              .toList();
      Set<String> held = locks.leases(written).keySet();
      return Optional.of(
          new Held(xml.name(), written.stream().filter(disk -> !held.contains(disk)).toList()));
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
