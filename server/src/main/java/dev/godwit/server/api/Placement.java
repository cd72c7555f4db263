package dev.godwit.server.api;

import dev.godwit.core.model.Resources;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Flavor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where a new server is to be: on the host that the request names, or the best of all. */
final class Placement {
  private static final int MOST_NAMED = 10;

  private final Fleet fleet;

  Placement(Fleet fleet) {
    this.fleet = fleet;
  }

  Fleet.Member host(Call call, Body server, Flavor flavor) {
    Optional<String> node = server.optionalText("hypervisor_hostname", 255);
    Optional<String> host =
        server
            .optionalText("host", 255)
            .or(() -> server.optionalText("availability_zone", 255).flatMap(Placement::zoneHost));
    if ((host.isPresent() || node.isPresent()) && !call.caller().admin()) {
      throw new Fault(
          403, "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.");
    }
    host.ifPresent(name -> known("Compute host", name, it -> it.name().value().equals(name)));
    node.ifPresent(
        name -> known("Hypervisor", name, it -> it.row().inventory().node().equals(name)));
    Predicate<Fleet.Member> wanted =
        member ->
            host.map(member.name().value()::equals).orElse(true)
                && node.map(member.row().inventory().node()::equals).orElse(true);
    return fleet
        .hostFor(wanted, flavor.resources())
        .orElseThrow(() ->
            Fault.badRequest(
                "No valid host was found. There are not enough hosts available: expected %s that is up, enabled and has %s free, found %s."
                    .formatted(
                        host.or(() -> node).map(it -> "host " + it).orElse("a host"),
                        flavor.resources(),
                        found(wanted, flavor.resources()))));
  }

  /** What each of those hosts lacks. */
  private String found(Predicate<Fleet.Member> wanted, Resources resources) {
    List<String> lacks =
        fleet.members().stream()
            .filter(wanted)
            .limit(MOST_NAMED)
            .map(member -> member.name() + lacks(member, resources))
            .toList();
    return lacks.isEmpty() ? "none that ever announced itself" : String.join(", ", lacks);
  }

  private static String lacks(Fleet.Member member, Resources resources) {
    if (!member.up()) {
      return " is down";
    }
    if (!member.takesGuests()) {
      return " is disabled";
    }
    List<String> lacks = new ArrayList<>();
    if (member.free().memoryMib() < resources.memoryMib()) {
      lacks.add(member.free().memoryMib() + " MiB");
    }
    if (member.free().vcpus() < resources.vcpus()) {
      lacks.add(member.free().vcpus() + " vCPUs");
    }
    return " has " + (lacks.isEmpty() ? "room now" : "only " + String.join(" and ", lacks));
  }

  private void known(String what, String name, Predicate<Fleet.Member> it) {
    if (fleet.members().stream().noneMatch(it)) {
      throw Fault.badRequest("%s %s could not be found.".formatted(what, Body.shown(name)));
    }
  }

  /** nova, nova:host, or nova:host:node; there is no other zone. */
  private static Optional<String> zoneHost(String zone) {
    List<String> parts = List.of(zone.split(":", -1));
    if (!parts.getFirst().equals("nova")) {
      throw Fault.badRequest("The requested availability zone is not available");
    }
    return parts.size() > 1 && !parts.get(1).isBlank()
        ? Optional.of(parts.get(1))
        : Optional.empty();
  }
}
