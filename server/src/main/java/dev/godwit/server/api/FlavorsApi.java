package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.store.Flavor;
import java.util.List;
import java.util.function.Function;

/** /flavors and /images: what the configuration offers. */
final class FlavorsApi {
  private final ApiConfiguration configuration;

  FlavorsApi(ApiConfiguration configuration) {
    this.configuration = configuration;
  }

  Reply list(Call call) {
    return list(call, "/flavors", it -> brief(call, it));
  }

  Reply detail(Call call) {
    return list(call, "/flavors/detail", it -> full(call, it));
  }

  private Reply list(Call call, String path, Function<Flavor, ObjectNode> view) {
    call.onlyQueries(
        75, "is_public", "limit", "marker", "minRam", "minDisk", "sort_key", "sort_dir");
    long minRam = atLeast(call, "minRam");
    long minDisk = atLeast(call, "minDisk");
    // All are public; private ones are none.
    boolean any = call.query("is_public").map(it -> !it.equalsIgnoreCase("false")).orElse(true);
    List<Flavor> wanted =
        configuration.flavors().stream()
            .filter(it -> any && it.memoryMib() >= minRam && it.diskGib() >= minDisk)
            .toList();
    List<Flavor> page = Paging.page(call, wanted, Flavor::id);
    ObjectNode body = Json.wrap("flavors", Json.array(page, view));
    if (call.query("limit").isPresent()) {
      Paging.next(call, body, "flavors_links", path, page, Flavor::id);
    }
    return Reply.ok(body);
  }

  private static long atLeast(Call call, String name) {
    String text = call.query(name).orElse("0");
    if (!text.matches("\\d{1,9}")) {
      throw Fault.badRequest("Invalid %s filter [%s]".formatted(name, Body.shown(text)));
    }
    return Long.parseLong(text);
  }

  Reply show(Call call) {
    return Reply.ok(Json.wrap("flavor", full(call, required(call))));
  }

  Reply extraSpecs(Call call) {
    required(call);
    return Reply.ok(Json.wrap("extra_specs", Json.object()));
  }

  private Flavor required(Call call) {
    return configuration
        .flavor(call.path("id"))
        .orElseThrow(
            () -> Fault.notFound("Flavor %s could not be found.".formatted(call.path("id"))));
  }

  private static ObjectNode brief(Call call, Flavor flavor) {
    ObjectNode view = Json.object().put("id", flavor.id()).put("name", flavor.name());
    String rest = "/flavors/" + flavor.id();
    view.putArray("links")
        .add(Json.link("self", call.self(rest)))
        .add(Json.link("bookmark", call.bookmark(rest)));
    if (call.version().from(55)) {
      view.putNull("description");
    }
    return view;
  }

  private static ObjectNode full(Call call, Flavor flavor) {
    ObjectNode view = brief(call, flavor);
    view.put("ram", flavor.memoryMib()).put("disk", flavor.diskGib()).put("vcpus", flavor.vcpus());
    if (call.version().from(75)) {
      view.put("swap", 0);
    } else {
      view.put("swap", "");
    }
    view.put("OS-FLV-EXT-DATA:ephemeral", 0)
        .put("OS-FLV-DISABLED:disabled", false)
        .put("os-flavor-access:is_public", true)
        .put("rxtx_factor", 1.0);
    if (call.version().from(61)) {
      view.putObject("extra_specs");
    }
    return view;
  }

  Reply images(Call call) {
    return Reply.ok(
        Json.wrap("images", Json.array(configuration.images(), FlavorsApi::image))
            .put("first", "/v2/images")
            .put("schema", "/v2/schemas/images"));
  }

  Reply imageDetail(Call call) {
    return Reply.ok(
        configuration
            .image(call.path("id"))
            .map(FlavorsApi::image)
            .orElseThrow(
                () -> Fault.notFound("No image found with ID %s".formatted(call.path("id")))));
  }

  private static ObjectNode image(ApiConfiguration.Image image) {
    ObjectNode view =
        Json.object()
            .put("id", image.id())
            .put("name", image.name())
            .put("status", "active")
            .put("visibility", "public")
            .put("container_format", "bare")
            .put("disk_format", image.path().isPresent() ? "qcow2" : "aki")
            .put("min_disk", 0)
            .put("min_ram", 0)
            .put("protected", true)
            .put("os_hidden", false);
    view.putArray("tags");
    return view;
  }
}
