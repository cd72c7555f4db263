package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The compute service of one host: whether new guests may come to it. */
final class ComputeService {
  private ComputeService() {}

  /** Enables or disables it; the service as it is then. */
  static JsonNode change(Api api, String host, String status, Optional<String> reason) {
    JsonNode service =
        Doc.list(api.get("find host " + host, "/v2.1/os-services"), "services").stream()
            .filter(one -> Doc.text(one, "host").equals(host))
            .filter(one -> Doc.text(one, "binary").equals("nova-compute"))
            .findFirst()
            .orElseThrow(() -> Hosts.of(api).unknown(host));
    ObjectNode body = Api.object().put("status", status);
    reason.ifPresent(text -> body.put("disabled_reason", text));
    String task = (status.equals("enabled") ? "enable " : "disable ") + host;
    return api.put(task, "/v2.1/os-services/" + Doc.text(service, "id"), body);
  }
}
