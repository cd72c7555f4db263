package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostName;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.fleet.Fleet;
import java.util.Optional;

/** /os-services: each host's agent as nova-compute. */
final class ServicesApi {
  private static final String BINARY = "nova-compute";

  private final Fleet fleet;

  ServicesApi(Fleet fleet) {
    this.fleet = fleet;
  }

  Reply list(Call call) {
    call.onlyQueries(75, "host", "binary");
    return Reply.ok(
        Json.wrap(
            "services",
            Json.array(
                fleet.members().stream()
                    .filter(it -> call.query("host").map(it.name().value()::equals).orElse(true))
                    .filter(it -> call.query("binary").map(BINARY::equals).orElse(true))
                    .toList(),
                it -> service(call, it))));
  }

  private static ObjectNode service(Call call, Fleet.Member member) {
    ObjectNode view = Json.object();
    if (call.version().from(53)) {
      view.put("id", member.row().serviceId().toString());
    } else {
      view.put("id", member.row().number());
    }
    view.put("binary", BINARY)
        .put("host", member.name().value())
        .put("zone", "nova")
        .put("status", member.row().disabled() ? "disabled" : "enabled")
        .put("state", member.up() ? "up" : "down")
        .put("updated_at", Json.micros(member.row().seenAt()));
    Json.put(view, "disabled_reason", member.row().disabledReason());
    if (call.version().from(11)) {
      view.put("forced_down", member.row().forcedDown());
    }
    return view;
  }

  /** Up to 2.52: PUT /os-services/{what} with host and binary in the body. */
  Reply putOld(Call call) {
    String what = call.path("id");
    Body body = call.json().only("host", "binary", "disabled_reason", "forced_down");
    String binary = body.text("binary");
    HostName host = host(body.text("host"), binary);
    ObjectNode answer = Json.object().put("host", host.value()).put("binary", binary);
    boolean found =
        switch (what) {
          case "enable" -> {
            answer.put("status", "enabled");
            yield fleet.setEnabled(host, true, Optional.empty());
          }
          case "disable" -> {
            answer.put("status", "disabled");
            yield fleet.setEnabled(host, false, Optional.empty());
          }
          case "disable-log-reason" -> {
            String reason = body.text("disabled_reason");
            answer.put("status", "disabled").put("disabled_reason", reason);
            yield fleet.setEnabled(host, false, Optional.of(reason));
          }
          case "force-down" -> {
            if (!call.version().from(11)) {
              throw Fault.notFound("Unknown action");
            }
            boolean down = body.truth("forced_down");
            answer.put("forced_down", down);
            yield fleet.setForcedDown(host, down);
          }
          default -> throw Fault.notFound("Unknown action");
        };
    if (!found) {
      throw Fault.notFound("Could not find binary %s on host %s.".formatted(BINARY, host));
    }
    return Reply.ok(Json.wrap("service", answer));
  }

  private static HostName host(String text, String binary) {
    try {
      if (binary.equals(BINARY)) {
        return new HostName(text);
      }
    } catch (IllegalArgumentException e) {
      throw noService(binary, text);
    }
    throw noService(binary, text);
  }

  private static Fault noService(String binary, String host) {
    return Fault.notFound("Could not find binary %s on host %s.".formatted(binary, host));
  }

  /** From 2.53: PUT /os-services/{uuid}. */
  Reply put(Call call) {
    String id = call.path("id");
    if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw Fault.badRequest("Invalid uuid %s".formatted(id));
    }
    Fleet.Member member =
        fleet.members().stream()
            .filter(it -> it.row().serviceId().toString().equals(id))
            .findFirst()
            .orElseThrow(() -> Fault.notFound("Service %s could not be found.".formatted(id)));
    Body body = call.json().only("status", "disabled_reason", "forced_down");
    if (!body.has("status") && !body.has("disabled_reason") && !body.has("forced_down")) {
      throw Fault.badRequest("No updates were requested.");
    }
    // Everything is read, and refused, before anything is changed.
    Optional<String> reason = body.optionalText("disabled_reason", 255);
    Optional<Boolean> enabled = enabled(body, reason);
    Optional<Boolean> down =
        body.has("forced_down") ? Optional.of(body.truth("forced_down")) : Optional.empty();
    enabled.ifPresent(it -> fleet.setEnabled(member.name(), it, reason));
    down.ifPresent(it -> fleet.setForcedDown(member.name(), it));
    return Reply.ok(Json.wrap("service", service(call, fleet.find(member.name()).orElse(member))));
  }

  private static Optional<Boolean> enabled(Body body, Optional<String> reason) {
    if (!body.has("status")) {
      if (reason.isPresent()) {
        throw Fault.badRequest("Specifying disabled_reason without status 'disabled' is invalid.");
      }
      return Optional.empty();
    }
    String status = body.text("status");
    return switch (status) {
      case "enabled" -> {
        if (reason.isPresent()) {
          throw Fault.badRequest("Specifying disabled_reason with status 'enabled' is invalid.");
        }
        yield Optional.of(true);
      }
      case "disabled" -> Optional.of(false);
      default ->
          throw Fault.badRequest(
              "Invalid input for field/attribute status. Value: %s. '%s' is not one of ['enabled', 'disabled']"
                  .formatted(Body.shown(status), Body.shown(status)));
    };
  }
}
