package dev.godwit.server.api;

import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.TaskState;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Tasks;
import java.time.Clock;
import java.util.Locale;

/** POST /servers/{id}/action. */
final class ServerActionsApi {
  private final ServersApi servers;
  private final GuestKeeper keeper;
  private final Migrations migrations;
  private final LiveMigration moves;
  private final Clock clock;

  ServerActionsApi(
      ServersApi servers,
      GuestKeeper keeper,
      Migrations migrations,
      LiveMigration moves,
      Clock clock) {
    this.servers = servers;
    this.keeper = keeper;
    this.migrations = migrations;
    this.moves = moves;
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
      default -> throw Fault.badRequest("There is no such action: " + Body.shown(action));
    }
    return Reply.empty(202);
  }

  private static PowerAction reboot(Body body) {
    String type = body.object("reboot").only("type").text("type");
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "SOFT" -> PowerAction.REBOOT_SOFT;
      case "HARD" -> PowerAction.REBOOT_HARD;
      default ->
          throw Fault.badRequest(
              "Invalid input for field/attribute type. Value: %s. '%s' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"
                  .formatted(Body.shown(type), Body.shown(type)));
    };
  }

  private void power(Call call, Instance instance, PowerAction action, String name, String word) {
    Tasks.Asked asked = new Tasks.Asked(call.requestId(), name, call.caller().owner());
    if (!keeper.power(servers.atHome(instance), action, asked)) {
      throw wrongState(word, instance);
    }
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
    switch (migrations.accept(moves.asked(call, instance, body), clock.instant())) {
      case Migrations.Acceptance.NoInstance() -> throw Call.noInstance(instance.id().toString());
      case Migrations.Acceptance.WrongState _ -> throw wrongState("os-migrateLive", instance);
      case Migrations.Acceptance.Accepted(var row) -> moves.begin(row.migration().id());
    }
  }
}
