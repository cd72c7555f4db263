package dev.godwit.simulation.driver;

import dev.godwit.agent.host.LibvirtUri;
import dev.godwit.simulation.libvirt.Peers;
import dev.godwit.simulation.libvirt.SimulatedHost;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.function.Function;

/** The hosts of one process: they reach each other always, and nobody else. */
final class Neighbours implements Peers {
  /** No name of any real network (RFC 6761). */
  private static final String DOMAIN = ".simulated.invalid";

  private final Function<String, Optional<DrivenHost>> hosts;

  Neighbours(Function<String, Optional<DrivenHost>> hosts) {
    this.hosts = hosts;
  }

  /** Where a host's libvirt is reached by the others. */
  static String address(String host) {
    return host + DOMAIN;
  }

  private Optional<DrivenHost> addressed(String address) {
    return address.endsWith(DOMAIN)
        ? hosts.apply(address.substring(0, address.length() - DOMAIN.length()))
        : Optional.empty();
  }

  @Override
  public Optional<SimulatedHost> at(String uri) {
    return LibvirtUri.listening(uri).flatMap(it -> addressed(it.host())).map(DrivenHost::libvirt);
  }

  @Override
  public boolean linked(String one, String other) {
    return true;
  }

  @Override
  public boolean full(String host) {
    return hosts.apply(host).map(DrivenHost::full).orElse(false);
  }

  @Override
  public boolean finishFails() {
    return false;
  }

  @Override
  public boolean lastStageFails() {
    return false;
  }

  /** As a real host's attempt to connect ends. */
  void dial(String address) throws IOException {
    DrivenHost found =
        addressed(address)
            .orElseThrow(() ->
                new ConnectException(
                    "%s is no host of this process: simulated hosts move guests among themselves only"
                        .formatted(address)));
    if (!found.libvirt().daemon().alive()) {
      throw new ConnectException("Connection refused");
    }
  }
}
