package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.ServerView;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Tasks;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** /servers. */
final class ServersApi {
  private final Instances instances;
  private final Migrations migrations;
  private final GuestKeeper keeper;
  private final Fleet fleet;
  private final NewServer newServer;
  private final ServerView view;

  ServersApi(
      Instances instances,
      Migrations migrations,
      Api.Workers workers,
      NewServer newServer,
      ServerView view) {
    this.instances = instances;
    this.migrations = migrations;
    this.keeper = workers.keeper();
    this.fleet = workers.fleet();
    this.newServer = newServer;
    this.view = view;
  }

  /** The instance, unless it is deleted or another project's. */
  Instance required(Call call, String placeholder) {
    InstanceId id = call.instance(placeholder);
    return instances
        .find(id)
        .filter(it -> it.vmState() != VmState.DELETED)
        .filter(call.caller()::sees)
        .orElseThrow(() -> Call.noInstance(id.toString()));
  }

  /** The same instance as it is recorded now. */
  Instance current(Instance instance) {
    return instances.find(instance.id()).orElse(instance);
  }

  Reply list(Call call) {
    return list(call, instance -> view.brief(call, instance), "/servers");
  }

  Reply detail(Call call) {
    return list(call, instance -> full(call, instance), "/servers/detail");
  }

  private Reply list(Call call, Function<Instance, ObjectNode> each, String path) {
    Predicate<Instance> wanted = ServerFilter.of(call);
    List<Instance> known = ServerFilter.withDeleted(call) ? instances.all() : instances.living();
    List<Instance> all = known.stream().filter(wanted).toList();
    List<Instance> page = Paging.page(call, all, it -> it.id().toString());
    ObjectNode body = Json.wrap("servers", Json.array(page, each));
    Paging.next(call, body, "servers_links", path, page, it -> it.id().toString());
    return Reply.ok(body);
  }

  Reply show(Call call) {
    return Reply.ok(Json.wrap("server", full(call, required(call, "id"))));
  }

  ObjectNode full(Call call, Instance instance) {
    ObjectNode server = view.full(call, instance, progress(instance));
    if (call.version().from(71) && call.path().containsKey("id")) {
      server.putArray("server_groups");
    }
    return server;
  }

  /** 100 - remaining memory in per cent, as Nova has it during a live migration. */
  private int progress(Instance instance) {
    if (instance.taskState() != TaskState.MIGRATING) {
      return 0;
    }
    return migrations.of(instance.id()).stream()
        .findFirst()
        .flatMap(MigrationRow::sample)
        .filter(sample -> sample.memory().totalBytes() > 0)
        .map(ServersApi::percent)
        .orElse(0);
  }

  private static int percent(MigrationSample sample) {
    double left = (double) sample.memory().remainingBytes() / sample.memory().totalBytes();
    return Math.clamp(100 - Math.round(left * 100), 0, 100);
  }

  Reply create(Call call) {
    NewServer.Wanted wanted = newServer.of(call);
    Instance instance =
        keeper
            .create(wanted.made(), wanted.host().room(), call.requestId())
            .orElseThrow(() ->
                Fault.badRequest(
                    "No valid host was found. There are not enough hosts available: others took the room on %s meanwhile."
                        .formatted(wanted.host().name())));
    ObjectNode server = Json.object();
    server.put("id", instance.id().toString());
    String rest = "/servers/" + instance.id();
    server
        .putArray("links")
        .add(Json.link("self", call.self(rest)))
        .add(Json.link("bookmark", call.bookmark(rest)));
    server.put("OS-DCF:diskConfig", "MANUAL");
    server.putArray("security_groups").addObject().put("name", "default");
    server.put("adminPass", NewServer.password());
    return Reply.of(202, Json.wrap("server", server)).with("Location", call.self(rest));
  }

  /** Refuses to touch one that somebody moved: what is done at its home is not done to it. */
  Instance atHome(Instance instance) {
    fleet
        .runsElsewhere(instance)
        .ifPresent(where -> {
          throw Fault.conflict(
              "Instance %s runs on host %s, and its record says %s: somebody moved it behind Godwit's back. Take it over where it is with 'godwit vm adopt --host %s %s'."
                  .formatted(instance.id(), where, instance.scheduledHost(), where, instance.id()));
        });
    return instance;
  }

  Reply delete(Call call) {
    keeper.delete(
        atHome(required(call, "id")),
        new Tasks.Asked(call.requestId(), "delete", call.caller().owner()));
    return Reply.empty(204);
  }
}
