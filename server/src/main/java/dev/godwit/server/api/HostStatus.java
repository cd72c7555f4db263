package dev.godwit.server.api;

import dev.godwit.core.model.HostName;
import dev.godwit.server.fleet.Fleet;
import java.util.Optional;
import java.util.function.Function;

/** Nova's host_status of a host: UP, DOWN, MAINTENANCE or UNKNOWN. */
final class HostStatus implements Function<HostName, String> {
  private final Fleet fleet;

  HostStatus(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public String apply(HostName host) {
    Optional<Fleet.Member> member = fleet.find(host);
    if (member.isEmpty()) {
      return "UNKNOWN";
    }
    if (member.get().row().forcedDown()) {
      return "DOWN";
    }
    if (!member.get().up()) {
      return "UNKNOWN";
    }
    return member.get().row().disabled() ? "MAINTENANCE" : "UP";
  }
}
