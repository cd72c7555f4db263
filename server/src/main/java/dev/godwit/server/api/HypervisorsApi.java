package dev.godwit.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** /os-hypervisors. */
final class HypervisorsApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Fleet fleet;
  private final Instances instances;
  private final Clock clock;

  HypervisorsApi(Fleet fleet, Instances instances, Clock clock) {
    this.fleet = fleet;
    this.instances = instances;
    this.clock = clock;
  }

  Reply list(Call call) {
    return list(call, "/os-hypervisors", it -> brief(call, it));
  }

  Reply detail(Call call) {
    Map<HostName, Instances.Usage> usage = instances.usage();
    return list(call, "/os-hypervisors/detail", it -> full(call, it, use(usage, it)));
  }

  private Reply list(Call call, String path, Function<Fleet.Member, ObjectNode> view) {
    call.onlyQueries(53, "limit", "marker", "hypervisor_hostname_pattern", "with_servers");
    List<Fleet.Member> wanted = wanted(call);
    if (!call.version().from(33)) {
      return Reply.ok(Json.wrap("hypervisors", Json.array(wanted, view)));
    }
    Function<Fleet.Member, String> id =
        it ->
            call.version().from(53)
                ? it.row().hypervisorId().toString()
                : Long.toString(it.row().number());
    List<Fleet.Member> page = Paging.page(call, wanted, id);
    ObjectNode body = Json.wrap("hypervisors", Json.array(page, view));
    if (call.query("limit").isPresent()) {
      Paging.next(call, body, "hypervisors_links", path, page, id);
    }
    return Reply.ok(body);
  }

  private List<Fleet.Member> wanted(Call call) {
    Optional<String> pattern =
        call.version().from(53) ? call.query("hypervisor_hostname_pattern") : Optional.empty();
    if (pattern.isEmpty()) {
      return fleet.members();
    }
    if (call.query("limit").isPresent() || call.query("marker").isPresent()) {
      throw Fault.badRequest(
          "Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.");
    }
    return matching(pattern.get());
  }

  private List<Fleet.Member> matching(String pattern) {
    List<Fleet.Member> found =
        fleet.members().stream()
            .filter(it -> it.row().inventory().node().contains(pattern))
            .toList();
    if (found.isEmpty()) {
      throw Fault.notFound(
          "No hypervisor matching '%s' could be found.".formatted(Body.shown(pattern)));
    }
    return found;
  }

  /** Up to 2.52: /os-hypervisors/{pattern}/search. */
  Reply search(Call call) {
    return Reply.ok(
        Json.wrap(
            "hypervisors", Json.array(matching(call.path("pattern")), it -> brief(call, it))));
  }

  /** Up to 2.52: /os-hypervisors/{pattern}/servers. */
  Reply servers(Call call) {
    return Reply.ok(
        Json.wrap(
            "hypervisors",
            Json.array(
                matching(call.path("pattern")), it -> withServers(brief(call, it), it, false))));
  }

  Reply show(Call call) {
    call.onlyQueries(53, "with_servers");
    Fleet.Member member = required(call);
    return Reply.ok(Json.wrap("hypervisor", full(call, member, use(instances.usage(), member))));
  }

  private static Instances.Usage use(Map<HostName, Instances.Usage> usage, Fleet.Member of) {
    return usage.getOrDefault(of.name(), Instances.Usage.NONE);
  }

  Reply uptime(Call call) {
    Fleet.Member member = required(call);
    ObjectNode view = brief(call, member);
    view.put("uptime", uptime(Duration.ofSeconds(member.row().inventory().uptimeSeconds())));
    return Reply.ok(Json.wrap("hypervisor", view));
  }

  /** As uptime(1) prints it, which clients parse. */
  private String uptime(Duration up) {
    return " %s up %d days, %2d:%02d,  0 users,  load average: 0.00, 0.00, 0.00"
        .formatted(
            TIME_OF_DAY.format(clock.instant()), up.toDays(), up.toHoursPart(), up.toMinutesPart());
  }

  Reply statistics(Call call) {
    List<Fleet.Member> members = fleet.members();
    Map<HostName, Instances.Usage> usage = instances.usage();
    List<ObjectNode> all = members.stream().map(it -> full(call, it, use(usage, it))).toList();
    ObjectNode sum = Json.object().put("count", all.size());
    for (String name :
        List.of(
            "vcpus",
            "memory_mb",
            "local_gb",
            "vcpus_used",
            "memory_mb_used",
            "local_gb_used",
            "free_ram_mb",
            "free_disk_gb",
            "current_workload",
            "running_vms",
            "disk_available_least")) {
      sum.put(name, all.stream().mapToLong(it -> it.path(name).asLong()).sum());
    }
    return Reply.ok(Json.wrap("hypervisor_statistics", sum));
  }

  private Fleet.Member required(Call call) {
    String id = call.path("id");
    boolean byUuid = call.version().from(53);
    if (byUuid && !id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw Fault.badRequest("Invalid uuid %s".formatted(id));
    }
    return fleet.members().stream()
        .filter(it ->
            byUuid
                ? it.row().hypervisorId().toString().equals(id)
                : Long.toString(it.row().number()).equals(id))
        .findFirst()
        .orElseThrow(
            () -> Fault.notFound("Hypervisor with ID '%s' could not be found.".formatted(id)));
  }

  private ObjectNode brief(Call call, Fleet.Member member) {
    ObjectNode view = Json.object();
    if (call.version().from(53)) {
      view.put("id", member.row().hypervisorId().toString());
    } else {
      view.put("id", member.row().number());
    }
    view.put("hypervisor_hostname", member.row().inventory().node())
        .put("state", member.up() ? "up" : "down")
        .put("status", member.row().disabled() ? "disabled" : "enabled");
    boolean wanted =
        call.version().from(53) && call.query("with_servers").map(it -> truth(it)).orElse(false);
    return wanted ? withServers(view, member, call.version().from(75)) : view;
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "on", "yes" -> true;
      case "false", "0", "off", "no" -> false;
      default ->
          throw Fault.badRequest(
              "Invalid input for query parameters with_servers. Value: %s. Expected True or False"
                  .formatted(Body.shown(text)));
    };
  }

  /** Where there are none, old versions leave the key out. */
  private ObjectNode withServers(ObjectNode view, Fleet.Member member, boolean always) {
    List<Instance> here = instances.on(member.name());
    if (always || !here.isEmpty()) {
      view.set(
          "servers",
          Json.array(
              here,
              it -> Json.object().put("name", it.domainName()).put("uuid", it.id().toString())));
    }
    return view;
  }

  private ObjectNode full(Call call, Fleet.Member member, Instances.Usage usage) {
    HostInventory inventory = member.row().inventory();
    long usedGib = inventory.localGib() - inventory.freeLocalGib();
    ObjectNode view = brief(call, member);
    view.put("hypervisor_type", inventory.hypervisorType())
        .put("hypervisor_version", inventory.hypervisorVersion())
        .put("host_ip", inventory.address());
    ObjectNode service = view.putObject("service");
    if (call.version().from(53)) {
      service.put("id", member.row().serviceId().toString());
    } else {
      service.put("id", member.row().number());
    }
    service.put("host", member.name().value());
    Json.put(service, "disabled_reason", member.row().disabledReason());
    view.put("vcpus", inventory.vcpus())
        .put("vcpus_used", usage.vcpus())
        .put("memory_mb", inventory.memoryMib())
        .put("memory_mb_used", usage.memoryMib())
        .put("free_ram_mb", inventory.memoryMib() - usage.memoryMib())
        .put("local_gb", inventory.localGib())
        .put("local_gb_used", usedGib)
        .put("free_disk_gb", inventory.freeLocalGib())
        .put("disk_available_least", inventory.freeLocalGib())
        .put("current_workload", 0)
        .put("running_vms", usage.instances());
    cpuInfo(call, view, inventory.cpuInfoJson());
    return view;
  }

  private static void cpuInfo(Call call, ObjectNode view, String text) {
    if (!call.version().from(28)) {
      view.put("cpu_info", text);
      return;
    }
    try {
      view.set("cpu_info", JSON.readTree(text));
    } catch (JsonProcessingException e) {
      view.putObject("cpu_info");
    }
  }
}
