package dev.godwit.server.api;

import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
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
import java.util.function.Predicate;

/** Reads a create request into an instance with a host; nothing is recorded yet. */
final class NewServer {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final int MOST_DISKS = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ApiConfiguration configuration;
  private final Fleet fleet;
  private final Clock clock;

  NewServer(ApiConfiguration configuration, Fleet fleet, Clock clock) {
    this.configuration = configuration;
    this.fleet = fleet;
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
    GuestSpec spec = spec(flavor, image, networks(call, server), hints);
    Map<String, String> metadata =
        server.optionalObject("metadata").map(Body::texts).orElse(Map.of());
    Optional<String> description =
        call.version().from(19) ? server.optionalText("description", 255) : Optional.of(name);
    Fleet.Member host = host(call, server, flavor);
    InstanceId id = new InstanceId(UUID.randomUUID());
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

  private static GuestSpec spec(
      Flavor flavor, ApiConfiguration.Image image, int cards, Optional<Body> hints) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < cards; i++) {
      addresses.add(macAddress());
    }
    Optional<List<DiskSpec>> asked =
        hints
            .filter(it -> it.given("godwit:disks"))
            .map(it ->
                it.objects("godwit:disks", MOST_DISKS).stream().map(NewServer::disk).toList());
    String more = hints.flatMap(it -> it.optionalText("godwit:kernel_arguments", 1000)).orElse("");
    try {
      return new GuestSpec(
          "instance-to-be-numbered",
          flavor.memoryMib(),
          flavor.vcpus(),
          boot(image, more),
          asked.orElseGet(() -> disks(flavor, image)),
          addresses);
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static BootSpec boot(ApiConfiguration.Image image, String more) {
    return image.kernel().isPresent()
        ? new BootSpec.Kernel(
            image.kernel().orElseThrow(),
            image.initrd().orElse(""),
            (image.arguments() + " " + more).strip())
        : new BootSpec.Disk();
  }

  /**
   * Without a hint: the flavor's disk, on the host's own directory, over the image's if it has one.
   */
  private static List<DiskSpec> disks(Flavor flavor, ApiConfiguration.Image image) {
    if (flavor.diskGib() == 0 && image.path().isEmpty()) {
      return List.of();
    }
    return List.of(
        new DiskSpec(
            "vda",
            DirectoryKind.LOCAL,
            DiskFormat.QCOW2,
            Math.max(1, flavor.diskGib()) * GIB,
            image.path()));
  }

  private static DiskSpec disk(Body disk) {
    disk.only("target", "directory", "format", "size_mib", "backing_file");
    String directory = disk.text("directory");
    DirectoryKind kind =
        switch (directory) {
          case "shared" -> DirectoryKind.SHARED;
          case "local" -> DirectoryKind.LOCAL;
          default ->
              throw Fault.badRequest(
                  "Invalid input for field/attribute directory. Value: %s. Expected shared or local"
                      .formatted(directory));
        };
    try {
      return new DiskSpec(
          disk.text("target"),
          kind,
          DiskFormat.of(disk.text("format")),
          disk.number("size_mib", 1, 64L << 20) * MIB,
          disk.optionalText("backing_file", 4096));
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Fleet.Member host(Call call, Body server, Flavor flavor) {
    Optional<String> node = server.optionalText("hypervisor_hostname", 255);
    Optional<String> host =
        server
            .optionalText("host", 255)
            .or(() -> server.optionalText("availability_zone", 255).flatMap(NewServer::zoneHost));
    if ((host.isPresent() || node.isPresent()) && !call.caller().admin()) {
      throw new Fault(
          403, "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.");
    }
    host.ifPresent(name -> known("Compute host", name, it -> it.name().value().equals(name)));
    node.ifPresent(
        name -> known("Hypervisor", name, it -> it.row().inventory().node().equals(name)));
    return fleet
        .hostFor(
            member ->
                host.map(member.name().value()::equals).orElse(true)
                    && node.map(member.row().inventory().node()::equals).orElse(true),
            flavor.memoryMib())
        .orElseThrow(() ->
            Fault.badRequest(
                "No valid host was found. There are not enough hosts available: expected %s that is up, enabled and has %s MiB free."
                    .formatted(
                        host.or(() -> node).map(it -> "host " + it).orElse("a host"),
                        flavor.memoryMib())));
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

  private static String macAddress() {
    byte[] bytes = new byte[3];
    RANDOM.nextBytes(bytes);
    return "52:54:00:%02x:%02x:%02x".formatted(bytes[0], bytes[1], bytes[2]);
  }

  static String password() {
    return Long.toString(RANDOM.nextLong() & Long.MAX_VALUE, 36);
  }
}
