package dev.godwit.server.api;

import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Flavor;
import dev.godwit.server.store.Instance;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Reads a create request into an instance with a host; nothing is recorded yet. */
final class NewServer {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ApiConfiguration configuration;
  private final Placement placement;
  private final Clock clock;
  private final Supplier<UUID> ids;

  NewServer(ApiConfiguration configuration, Placement placement, Clock clock, Supplier<UUID> ids) {
    this.ids = ids;
    this.configuration = configuration;
    this.placement = placement;
    this.clock = clock;
  }

  /** A host, and the instance to be on it once it has its number. */
  record Wanted(Fleet.Member host, LongFunction<Instance> made) {}

  Wanted of(Call call) {
    Body request = call.json().only("server", "os:scheduler_hints", "OS-SCH-HNT:scheduler_hints");
    Body server = request.object("server").only(keys(call));
    refuseWhatIsNotThere(server);
    String name = server.text("name");
    Flavor flavor = flavor(server.text("flavorRef"));
    ApiConfiguration.Image image = image(server.text("imageRef"));
    Optional<Body> hints =
        request
            .optionalObject("os:scheduler_hints")
            .or(() -> request.optionalObject("OS-SCH-HNT:scheduler_hints"));
    GuestSpec spec = NewGuest.spec(flavor, image, networks(call, server), hints);
    Map<String, String> metadata =
        server.optionalObject("metadata").map(Body::texts).orElse(Map.of());
    Optional<String> description =
        call.version().from(19) ? server.optionalText("description", 255) : Optional.of(name);
    Fleet.Member host = placement.host(call, server, flavor);
    InstanceId id = new InstanceId(ids.get());
    Instant now = clock.instant();
    return new Wanted(
        host,
        number ->
            new Instance(
                id,
                number,
                name,
                call.caller().owner(),
                Optional.of(host.name()),
                Optional.of(host.row().inventory().node()),
                VmState.BUILDING,
                TaskState.SPAWNING,
                PowerState.NOSTATE,
                flavor,
                image.id(),
                Optional.of(named(spec, number)),
                metadata,
                description,
                Optional.empty(),
                now,
                now,
                Optional.empty(),
                Optional.empty()));
  }

  private static String[] keys(Call call) {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "name",
                "imageRef",
                "flavorRef",
                "networks",
                "metadata",
                "availability_zone",
                "min_count",
                "max_count",
                "security_groups",
                "config_drive",
                "OS-DCF:diskConfig"));
    if (call.version().from(19)) {
      keys.add("description");
    }
    if (call.version().from(74)) {
      keys.add("host");
      keys.add("hypervisor_hostname");
    }
    return keys.toArray(String[]::new);
  }

  private static GuestSpec named(GuestSpec spec, long number) {
    return new GuestSpec(
        "instance-%08x".formatted(number),
        spec.memoryMib(),
        spec.vcpus(),
        spec.boot(),
        spec.disks(),
        spec.networkAddresses());
  }

  private static void refuseWhatIsNotThere(Body server) {
    if ((server.given("min_count") && server.number("min_count", 1, 1000) != 1)
        || (server.given("max_count") && server.number("max_count", 1, 1000) != 1)) {
      throw Fault.badRequest("Several servers in one request are not there yet: ask once each.");
    }
    if (server.given("config_drive") && server.truth("config_drive")) {
      throw Fault.badRequest("A config drive is not there yet: leave config_drive out.");
    }
    boolean onlyDefault =
        !server.given("security_groups")
            || server.objects("security_groups", 16).stream()
                .allMatch(group -> group.only("name").text("name").equals("default"));
    if (!onlyDefault) {
      throw Fault.badRequest(
          "Security groups need a network service, which is not there yet: leave security_groups out.");
    }
    if (server.given("OS-DCF:diskConfig")
        && !server.isText("OS-DCF:diskConfig", "MANUAL")
        && !server.isText("OS-DCF:diskConfig", "AUTO")) {
      throw Fault.badRequest(
          "Invalid input for field/attribute OS-DCF:diskConfig. Expected one of ['AUTO', 'MANUAL']");
    }
  }

  private Flavor flavor(String reference) {
    String id = reference.substring(reference.lastIndexOf('/') + 1);
    return configuration
        .flavor(id)
        .orElseThrow(() -> Fault.badRequest("Flavor %s could not be found.".formatted(id)));
  }

  private ApiConfiguration.Image image(String reference) {
    String id = reference.substring(reference.lastIndexOf('/') + 1);
    return configuration
        .image(id)
        .orElseThrow(() -> Fault.badRequest("Image %s could not be found.".formatted(id)));
  }

  /** How many network cards. */
  private static int networks(Call call, Body server) {
    if (!server.given("networks")) {
      if (call.version().from(37)) {
        throw Fault.badRequest(
            "Invalid input for field/attribute server. 'networks' is a required property");
      }
      return 1;
    }
    if (server.isText("networks", "auto")) {
      return 1;
    }
    if (server.isText("networks", "none")) {
      return 0;
    }
    if (!server.objects("networks", 16).isEmpty()) {
      throw Fault.badRequest(
          "Networks by id need a network service, which is not there yet: ask for \"auto\" (the host's bridge) or \"none\".");
    }
    return 0;
  }

  static String password() {
    return Long.toString(RANDOM.nextLong() & Long.MAX_VALUE, 36);
  }
}
