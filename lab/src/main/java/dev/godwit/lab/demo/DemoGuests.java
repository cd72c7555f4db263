package dev.godwit.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lab guests, made and deleted through the Compute API. */
public final class DemoGuests {
  private static final Duration BOOT = Duration.ofSeconds(60);
  private static final String MADE_BY = "made-by";

  private final ApiClient api;
  private final String maker;

  /**
   * @param maker stands in the guests' metadata, and only such guests are ever deleted
   */
  public DemoGuests(ApiClient api, String maker) {
    this.api = api;
    this.maker = maker;
  }

  /**
   * What to boot.
   *
   * @param directory shared or local for a disk there; empty for no disk
   * @param address on the guests' network
   */
  public record Wish(
      String name,
      String host,
      int memoryMib,
      int diskMib,
      Optional<String> directory,
      String address) {}

  /** Asks for a guest; returns when that is accepted. */
  public DemoGuest create(Wish wish) {
    ObjectNode body = api.object();
    ObjectNode server =
        body.putObject("server")
            .put("name", wish.name())
            .put("imageRef", image())
            .put("flavorRef", "lab." + wish.memoryMib())
            .put("networks", "auto")
            .put("host", wish.host());
    server.putObject("metadata").put(MADE_BY, maker);
    ObjectNode hints = body.putObject("os:scheduler_hints");
    hints.put("godwit:kernel_arguments", "lab.ip=" + wish.address() + "/24");
    var disks = hints.putArray("godwit:disks");
    wish.directory()
        .ifPresent(directory ->
            disks
                .addObject()
                .put("target", "vda")
                .put("directory", directory)
                .put("format", "qcow2")
                .put("size_mib", wish.diskMib()));
    String id = api.post("/v2.1/servers", body).path("server").path("id").asText();
    return new DemoGuest(id, wish.name(), domain(id), wish.address());
  }

  private String image() {
    for (JsonNode image : api.get("/image/v2/images").path("images")) {
      if (image.path("name").asText().equals("lab-guest")) {
        return image.path("id").asText();
      }
    }
    throw new LabFailure("the lab's server knows no image lab-guest; look at its server.toml");
  }

  private String domain(String id) {
    return api.get("/v2.1/servers/" + id)
        .path("server")
        .path("OS-EXT-SRV-ATTR:instance_name")
        .asText();
  }

  /** Waits until a guest is ACTIVE; {@link LabFailure} with its fault when it is in ERROR. */
  public void awaitActive(DemoGuest guest) {
    Await.until(guest.name() + " to be ACTIVE", BOOT, () -> active(guest));
  }

  private boolean active(DemoGuest guest) {
    JsonNode server = api.get("/v2.1/servers/" + guest.id()).path("server");
    if (server.path("status").asText().equals("ERROR")) {
      throw new LabFailure(
          "%s did not start: %s"
              .formatted(guest.name(), server.path("fault").path("message").asText("no reason")));
    }
    return server.path("status").asText().equals("ACTIVE");
  }

  /** Deletes every guest of this maker, moves of it ended first; sentences about what stayed. */
  public List<String> deleteAll() {
    List<String> troubles = new ArrayList<>();
    for (JsonNode server : api.get("/v2.1/servers/detail").path("servers")) {
      if (server.path("metadata").path(MADE_BY).asText().equals(maker)) {
        String name = server.path("name").asText();
        try {
          delete(server.path("id").asText(), name);
        } catch (ApiFailure | LabFailure e) {
          troubles.add("%s stays: %s".formatted(name, e.getMessage()));
        }
      }
    }
    return troubles;
  }

  private void delete(String id, String name) {
    Migrations migrations = new Migrations(api);
    migrations.endAll(id);
    api.delete("/v2.1/servers/" + id);
    Await.until(name + " to be deleted", BOOT, () -> gone(id));
  }

  private boolean gone(String id) {
    try {
      api.get("/v2.1/servers/" + id);
      return false;
    } catch (ApiFailure e) {
      if (e.status() == 404) {
        return true;
      }
      throw e;
    }
  }
}
