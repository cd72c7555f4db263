package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** One of Compute's actions on a server: asked for, and waited for when that is wanted. */
record VmAction(String verb, JsonNode body, Optional<String> status) {

  int run(ApiOptions options, String vm, boolean wait) {
    Api api = options.api();
    Guests guests = new Guests(api);
    JsonNode server = guests.find(vm);
    String id = Doc.text(server, "id");
    JsonNode ignored = api.post(verb + " " + vm, "/v2.1/servers/" + id + "/action", body);
    Optional<JsonNode> reached =
        status.filter(wanted -> wait).map(wanted -> guests.await(id, Set.of(wanted)));
    if (options.json) {
      options.output().json(reached.orElseGet(() -> guests.show(id)));
    } else {
      options
          .output()
          .line(
              reached
                  .map(now -> vm + " is " + Doc.text(now, "status") + ".")
                  .orElse("Accepted: " + verb + " " + vm + "."));
    }
    return ExitCodes.DONE;
  }
}
