package dev.godwit.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostInventory;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

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
    return Reply.ok(Json.wrap("hypervisors", Json.array(wanted(call), it -> brief(call, it))));
  }

  Reply detail(Call call) {
    return Reply.ok(Json.wrap("hypervisors", Json.array(wanted(call), it -> full(call, it))));
  }

  private List<Fleet.Member> wanted(Call call) {
    List<Fleet.Member> found =
        fleet.members().stream()
            .filter(it ->
                call.query("hypervisor_hostname_pattern")
                    .map(it.row().inventory().node()::contains)
                    .orElse(true))
            .toList();
    if (found.isEmpty() && call.query("hypervisor_hostname_pattern").isPresent()) {
      throw Fault.notFound(
          "No hypervisor matching '%s' could be found."
              .formatted(call.query("hypervisor_hostname_pattern").orElseThrow()));
    }
    return found;
  }

  Reply show(Call call) {
    return Reply.ok(Json.wrap("hypervisor", full(call, required(call))));
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
    List<Fleet.Member> all = fleet.members();
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
      sum.put(name, all.stream().mapToLong(it -> full(call, it).path(name).asLong()).sum());
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
    boolean withServers =
        call.version().from(53) && call.query("with_servers").map("true"::equals).orElse(false);
    if (withServers) {
      view.set(
          "servers",
          Json.array(
              instances.on(member.name()),
              it -> Json.object().put("name", it.domainName()).put("uuid", it.id().toString())));
    }
    return view;
  }

  private ObjectNode full(Call call, Fleet.Member member) {
    HostInventory inventory = member.row().inventory();
    List<Instance> here = instances.on(member.name());
    long usedMib = here.stream().mapToLong(it -> it.flavor().memoryMib()).sum();
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
        .put("vcpus_used", here.stream().mapToInt(it -> it.flavor().vcpus()).sum())
        .put("memory_mb", inventory.memoryMib())
        .put("memory_mb_used", usedMib)
        .put("free_ram_mb", inventory.memoryMib() - usedMib)
        .put("local_gb", inventory.localGib())
        .put("local_gb_used", usedGib)
        .put("free_disk_gb", inventory.freeLocalGib())
        .put("disk_available_least", inventory.freeLocalGib())
        .put("current_workload", 0)
        .put("running_vms", here.size());
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
