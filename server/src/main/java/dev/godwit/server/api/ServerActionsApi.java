package dev.godwit.server.api;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.core.port.Answer;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** POST /servers/{id}/action. */
final class ServerActionsApi {
  private final ServersApi servers;
  private final GuestKeeper keeper;
  private final Migrations migrations;
  private final Actions actions;
  private final Conductor conductor;
  private final DestinationSearch search;
  private final Fleet fleet;
  private final String serverName;
  private final Clock clock;

  /** What moves need. */
  record Moves(
      Migrations migrations,
      Conductor conductor,
      DestinationSearch search,
      Fleet fleet,
      String serverName) {}

  ServerActionsApi(
      ServersApi servers, GuestKeeper keeper, Actions actions, Moves moves, Clock clock) {
    this.servers = servers;
    this.keeper = keeper;
    this.actions = actions;
    this.migrations = moves.migrations();
    this.conductor = moves.conductor();
    this.search = moves.search();
    this.fleet = moves.fleet();
    this.serverName = moves.serverName();
    this.clock = clock;
  }

  Reply act(Call call) {
    Body body = call.json();
    Instance instance = servers.required(call, "id");
    String action = body.singleKey();
    switch (action) {
      case "os-start" -> power(call, instance, PowerAction.START, "start", action);
      case "os-stop" -> power(call, instance, PowerAction.STOP, "stop", action);
      case "pause" -> power(call, instance, PowerAction.PAUSE, "pause", action);
      case "unpause" -> power(call, instance, PowerAction.UNPAUSE, "unpause", action);
      case "reboot" -> power(call, instance, reboot(body), "reboot", action);
      case "os-migrateLive" -> migrate(call, instance, body.object(action));
      default -> throw Fault.badRequest("There is no such action: " + shown(action));
    }
    return Reply.empty(202);
  }

  private static String shown(String action) {
    return action.length() > 60 ? action.substring(0, 60) + "…" : action;
  }

  private static PowerAction reboot(Body body) {
    String type = body.object("reboot").only("type").text("type");
    return switch (type.toUpperCase(java.util.Locale.ROOT)) {
      case "SOFT" -> PowerAction.REBOOT_SOFT;
      case "HARD" -> PowerAction.REBOOT_HARD;
      default ->
          throw Fault.badRequest(
              "Invalid input for field/attribute type. Value: %s. '%s' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"
                  .formatted(shown(type), shown(type)));
    };
  }

  private void power(Call call, Instance instance, PowerAction action, String name, String word) {
    if (!keeper.power(instance, action, call.requestId())) {
      throw wrongState(word, instance);
    }
    actions.begin(call.requestId(), instance.id(), name, call.caller().owner(), clock.instant());
  }

  private Fault wrongState(String word, Instance seen) {
    Instance now = servers.current(seen);
    return Fault.conflict(
        now.taskState() == TaskState.NONE
            ? "Cannot '%s' instance %s while it is in vm_state %s"
                .formatted(word, now.id(), now.vmState().word())
            : "Cannot '%s' instance %s while it is in task_state %s"
                .formatted(word, now.id(), now.taskState().word()));
  }

  private void migrate(Call call, Instance instance, Body body) {
    if (!call.caller().admin()) {
      throw new Fault(
          403,
          "Policy doesn't allow os_compute_api:os-migrate-server:migrate_live to be performed.");
    }
    MigrationRequest request = request(call, body);
    if (!call.version().from(34)) {
      checkNow(instance, request);
    }
    Migrations.Asked asked =
        new Migrations.Asked(
            instance.id(), request, call.caller().owner(), call.requestId(), serverName);
    switch (migrations.accept(asked, clock.instant())) {
      case Migrations.Acceptance.NoInstance() -> throw Call.noInstance(instance.id().toString());
      case Migrations.Acceptance.WrongState _ -> throw wrongState("os-migrateLive", instance);
      case Migrations.Acceptance.Accepted(var row) -> {
        actions.begin(
            call.requestId(),
            instance.id(),
            "live-migration",
            call.caller().owner(),
            clock.instant());
        conductor.wake(row.migration().id());
      }
    }
  }

  private MigrationRequest request(Call call, Body body) {
    boolean auto = call.version().from(25);
    if (!auto) {
      body.only("host", "block_migration", "disk_over_commit").truth("disk_over_commit");
    } else if (call.version().from(30) && !call.version().from(68)) {
      body.only("host", "block_migration", "force");
    } else {
      body.only("host", "block_migration");
    }
    if (!body.has("host")) {
      throw Fault.badRequest(
          "Invalid input for field/attribute os-migrateLive. 'host' is a required property");
    }
    Optional<String> host = body.optionalText("host", 255);
    if (body.given("force") && body.truth("force") && host.isEmpty()) {
      throw Fault.badRequest("Can't force to a non-provided destination");
    }
    Optional<Boolean> copy =
        auto && body.isText("block_migration", "auto")
            ? Optional.empty()
            : Optional.of(body.truth("block_migration"));
    return new MigrationRequest(host.map(this::known), copy, Optional.empty());
  }

  private HostName known(String name) {
    try {
      HostName host = new HostName(name);
      if (fleet.find(host).isPresent()) {
        return host;
      }
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest("Compute host %s could not be found.".formatted(shown(name)));
    }
    throw Fault.badRequest("Compute host %s could not be found.".formatted(name));
  }

  /** Up to 2.33 the caller waits for the pre-checks and is told what they found. */
  private void checkNow(Instance instance, MigrationRequest request) {
    if (instance.taskState() != TaskState.NONE || instance.host().isEmpty()) {
      return;
    }
    DestinationSearch.Question question =
        new DestinationSearch.Question(
            new MigrationId(UUID.randomUUID()),
            instance.id(),
            instance.scheduledHost(),
            instance.flavor().memoryMib(),
            request);
    if (instance.vmState() != VmState.ACTIVE && instance.vmState() != VmState.PAUSED) {
      return;
    }
    switch (search.search(question)) {
      case Answer.Silent(String why) -> throw Fault.badRequest("Migration pre-check error: " + why);
      case Answer.Refused(Refusal reason) ->
          throw Fault.badRequest("Migration pre-check error: " + reason.sentence());
      case Answer.Given(DestinationSearch.Findings findings) -> {
        if (findings.best().isEmpty()) {
          throw Fault.badRequest(
              "Migration pre-check error: "
                  + findings.refusals().stream()
                      .findFirst()
                      .map(Refusal::sentence)
                      .orElse("No valid host was found. There are not enough hosts available."));
        }
      }
    }
  }
}
