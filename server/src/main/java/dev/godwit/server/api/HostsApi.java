package dev.godwit.server.api;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.api.view.GodwitView;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.HostFences;
import dev.godwit.server.store.Fence;
import java.time.Clock;
import java.util.Optional;

/** /godwit/v1/hosts. */
final class HostsApi {
  private final Fleet fleet;
  private final HostFences fences;
  private final Clock clock;

  HostsApi(Fleet fleet, HostFences fences, Clock clock) {
    this.fleet = fleet;
    this.fences = fences;
    this.clock = clock;
  }

  Reply list(Call call) {
    return Reply.ok(Json.wrap("hosts", Json.array(fleet.members(), GodwitView::host)));
  }

  /** Somebody's word that a host is dead for certain. */
  Reply fence(Call call) {
    HostName host = required(call.path("name")).name();
    Body body = call.json().only("powered_off", "reason");
    Optional<String> reason = body.optionalText("reason", 255);
    if (!body.truth("powered_off")) {
      throw Fault.badRequest(
          "powered_off: expected true, for only a host that runs no guest may be fenced; found false");
    }
    Optional<Refusal> refusal =
        fences.fence(host, new Fence(call.caller().userName(), clock.instant(), reason));
    if (refusal.isPresent()) {
      throw Fault.conflict(refusal.get().sentence());
    }
    return Reply.ok(Json.wrap("host", GodwitView.host(required(host.value()))));
  }

  private Fleet.Member required(String name) {
    return fleet
        .named(name)
        .orElseThrow(
            () -> Fault.notFound("Host %s could not be found.".formatted(Body.shown(name))));
  }
}
