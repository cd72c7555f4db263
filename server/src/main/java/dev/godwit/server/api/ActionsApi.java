package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.ServerView;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** /servers/{id}/os-instance-actions. */
final class ActionsApi {
  private final Instances instances;
  private final Actions actions;

  ActionsApi(Instances instances, Actions actions) {
    this.instances = instances;
    this.actions = actions;
  }

  /** From 2.21 on, those of deleted instances too. */
  private Instance required(Call call) {
    InstanceId id = call.instance("id");
    return instances
        .find(id)
        .filter(
            it -> call.version().from(21) || it.vmState() != dev.godwit.core.model.VmState.DELETED)
        .filter(call.caller()::sees)
        .orElseThrow(() -> Call.noInstance(id.toString()));
  }

  Reply list(Call call) {
    Instance instance = required(call);
    if (!call.version().from(58)) {
      return Reply.ok(
          Json.wrap(
              "instanceActions",
              Json.array(
                  actions.of(instance.id()).stream().limit(Paging.MOST).toList(),
                  action -> action(call, action))));
    }
    call.onlyQueries(
        58,
        call.version().from(66)
            ? new String[] {"limit", "marker", "changes-since", "changes-before"}
            : new String[] {"limit", "marker", "changes-since"});
    Optional<Instant> since = call.time("changes-since");
    Optional<Instant> before = call.time("changes-before");
    List<Actions.Action> all =
        actions.of(instance.id()).stream()
            .filter(action -> since.map(it -> !action.updatedAt().isBefore(it)).orElse(true))
            .filter(action -> before.map(it -> !action.updatedAt().isAfter(it)).orElse(true))
            .toList();
    List<Actions.Action> page = Paging.page(call, all, Actions.Action::requestId);
    ObjectNode body =
        Json.wrap("instanceActions", Json.array(page, action -> action(call, action)));
    Paging.next(
        call,
        body,
        "links",
        "/servers/" + instance.id() + "/os-instance-actions",
        page,
        Actions.Action::requestId);
    return Reply.ok(body);
  }

  Reply show(Call call) {
    Instance instance = required(call);
    Actions.Action action =
        actions.of(instance.id()).stream()
            .filter(it -> it.requestId().equals(call.path("request")))
            .findFirst()
            .orElseThrow(
                () -> Fault.notFound("Action %s not found".formatted(call.path("request"))));
    ObjectNode view = action(call, action);
    if (call.caller().admin() || call.version().from(51)) {
      view.set(
          "events",
          Json.array(actions.events(action.requestId()), event -> event(call, instance, event)));
    }
    return Reply.ok(Json.wrap("instanceAction", view));
  }

  private static ObjectNode action(Call call, Actions.Action action) {
    ObjectNode view =
        Json.object()
            .put("action", action.action())
            .put("instance_uuid", action.instance().toString())
            .put("request_id", action.requestId())
            .put("user_id", action.by().userId())
            .put("project_id", action.by().projectId())
            .put("start_time", Json.micros(action.startedAt()));
    Json.put(view, "message", action.message());
    if (call.version().from(58)) {
      view.put("updated_at", Json.micros(action.updatedAt()));
    }
    return view;
  }

  private static ObjectNode event(Call call, Instance instance, Actions.Event event) {
    ObjectNode view =
        Json.object().put("event", event.event()).put("start_time", Json.micros(event.startedAt()));
    Json.put(view, "finish_time", event.finishedAt().map(Json::micros));
    Json.put(view, "result", event.result());
    if (call.caller().admin()) {
      Json.put(view, "traceback", event.details());
    }
    if (call.version().from(62)) {
      if (call.caller().admin()) {
        Json.put(view, "host", event.host().map(HostName::value));
      }
      view.put(
          "hostId",
          event
              .host()
              .map(host -> ServerView.hostId(instance.owner().projectId(), host))
              .orElse(""));
    }
    return view;
  }
}
