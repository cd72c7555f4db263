package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostName;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.LeftoverView;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.leftovers.Leftovers;
import java.util.Optional;

/** /godwit/v1/leftovers. */
final class LeftoversApi {
  private final Fleet fleet;
  private final Leftovers leftovers;

  LeftoversApi(Fleet fleet, Leftovers leftovers) {
    this.fleet = fleet;
    this.leftovers = leftovers;
  }

  Reply list(Call call) {
    Leftovers.Found found = leftovers.look(host(call.query("host")));
    ObjectNode body = Json.wrap("leftovers", Json.array(found.leftovers(), LeftoverView::leftover));
    body.set("unseen", Json.array(found.unseen(), LeftoverView::unseen));
    return Reply.ok(body);
  }

  /** Only what is proven; the rest stays, and is listed. */
  Reply remove(Call call) {
    Body body = call.json().only("host");
    Leftovers.Removed removed = leftovers.remove(host(body.optionalText("host", 255)));
    ObjectNode answer =
        Json.wrap("outcomes", Json.array(removed.outcomes(), LeftoverView::outcome));
    answer.set("unseen", Json.array(removed.unseen(), LeftoverView::unseen));
    answer.put("more", removed.more());
    return Reply.ok(answer);
  }

  private Optional<HostName> host(Optional<String> name) {
    return name.map(wanted ->
        fleet
            .named(wanted)
            .map(Fleet.Member::name)
            .orElseThrow(
                () -> Fault.notFound("Host %s could not be found.".formatted(Body.shown(wanted)))));
  }
}
