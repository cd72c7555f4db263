package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;

/** The version documents, which need no token. */
final class VersionsApi {
  Reply all(Call call) {
    ObjectNode body = Json.object();
    body.putArray("versions").add(old(call)).add(current(call));
    return Reply.ok(body);
  }

  private static ObjectNode old(Call call) {
    ObjectNode version =
        Json.object()
            .put("id", "v2.0")
            .put("status", "SUPPORTED")
            .put("version", "")
            .put("min_version", "")
            .put("updated", "2011-01-21T11:33:21Z");
    version.putArray("links").add(Json.link("self", call.root() + "/v2/"));
    return version;
  }

  private static ObjectNode current(Call call) {
    ObjectNode version =
        Json.object()
            .put("id", "v2.1")
            .put("status", "CURRENT")
            .put("version", Microversion.MAX.toString())
            .put("min_version", Microversion.MIN.toString())
            .put("updated", "2013-07-23T11:33:21Z");
    version.putArray("links").add(Json.link("self", call.root() + "/v2.1/"));
    return version;
  }

  Reply v21(Call call) {
    return document(current(call), "2.1");
  }

  Reply v2(Call call) {
    return document(old(call), "2");
  }

  private static Reply document(ObjectNode version, String type) {
    version
        .withArray("links")
        .add(Json.link("describedby", "http://docs.openstack.org/").put("type", "text/html"));
    version
        .putArray("media-types")
        .addObject()
        .put("base", "application/json")
        .put("type", "application/vnd.openstack.compute+json;version=" + type);
    return Reply.ok(Json.wrap("version", version));
  }

  /** Glance's, for clients that look images up. */
  Reply image(Call call) {
    ObjectNode body = Json.object();
    ObjectNode version =
        body.putArray("versions").addObject().put("id", "v2.9").put("status", "CURRENT");
    version.putArray("links").add(Json.link("self", call.root() + "/image/v2/"));
    return Reply.of(300, body);
  }
}
