package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.VmState;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.ServerView;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** /servers. */
final class ServersApi {
  private static final int LONGEST_PATTERN = 255;

  private final Instances instances;
  private final Migrations migrations;
  private final Actions actions;
  private final GuestKeeper keeper;
  private final NewServer newServer;
  private final ServerView view;
  private final Clock clock;

  ServersApi(
      Instances instances,
      Migrations migrations,
      Actions actions,
      GuestKeeper keeper,
      NewServer newServer,
      Fleet fleet,
      Clock clock) {
    this.instances = instances;
    this.migrations = migrations;
    this.actions = actions;
    this.keeper = keeper;
    this.newServer = newServer;
    this.view = new ServerView(host -> hostStatus(fleet, host));
    this.clock = clock;
  }

  private static String hostStatus(Fleet fleet, HostName host) {
    return fleet
        .find(host)
        .map(member -> {
          if (member.row().forcedDown()) {
            return "DOWN";
          }
          if (!member.up()) {
            return "UNKNOWN";
          }
          return member.row().disabled() ? "MAINTENANCE" : "UP";
        })
        .orElse("UNKNOWN");
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
    Predicate<Instance> wanted = filter(call);
    List<Instance> all = instances.living().stream().filter(wanted).toList();
    List<Instance> page = Paging.page(call, all, it -> it.id().toString());
    ObjectNode body = Json.wrap("servers", Json.array(page, each));
    Paging.next(call, body, "servers", path, page, it -> it.id().toString());
    return Reply.ok(body);
  }

  private static Predicate<Instance> filter(Call call) {
    boolean allTenants =
        call.caller().admin()
            && call.query("all_tenants")
                .map(it -> !List.of("0", "false").contains(it.toLowerCase(Locale.ROOT)))
                .orElse(false);
    Predicate<Instance> wanted =
        allTenants
            ? instance -> true
            : instance -> instance.owner().projectId().equals(call.caller().projectId());
    wanted = wanted.and(byName(call));
    wanted = and(wanted, call.query("status"), (it, text) -> hasStatus(it, text));
    wanted = and(wanted, call.query("vm_state"), (it, text) -> it.vmState().word().equals(text));
    wanted =
        and(wanted, call.query("task_state"), (it, text) -> it.taskState().word().equals(text));
    wanted = and(wanted, call.query("uuid"), (it, text) -> it.id().toString().equals(text));
    wanted = and(wanted, call.query("image"), (it, text) -> it.imageId().equals(text));
    wanted = and(wanted, call.query("flavor"), (it, text) -> it.flavor().id().equals(text));
    if (call.caller().admin()) {
      wanted =
          and(wanted, call.query("host"), (it, text) -> is(it.host().map(HostName::value), text));
      wanted = and(wanted, call.query("node"), (it, text) -> is(it.node(), text));
      wanted = and(wanted, call.query("user_id"), (it, text) -> it.owner().userId().equals(text));
      wanted =
          and(wanted, call.query("project_id"), (it, text) -> it.owner().projectId().equals(text));
      wanted =
          and(wanted, call.query("tenant_id"), (it, text) -> it.owner().projectId().equals(text));
    }
    return wanted;
  }

  private static boolean is(Optional<String> value, String text) {
    return value.equals(Optional.of(text));
  }

  private static boolean hasStatus(Instance instance, String status) {
    return ServerView.status(instance).equals(status.toUpperCase(Locale.ROOT));
  }

  private static Predicate<Instance> and(
      Predicate<Instance> before,
      Optional<String> value,
      java.util.function.BiPredicate<Instance, String> test) {
    return value.map(text -> before.and(it -> test.test(it, text))).orElse(before);
  }

  private static Predicate<Instance> byName(Call call) {
    Optional<String> name = call.query("name");
    if (name.isEmpty()) {
      return instance -> true;
    }
    if (name.get().length() > LONGEST_PATTERN) {
      throw Fault.badRequest("Invalid filter field: name is too long.");
    }
    try {
      Pattern pattern = Pattern.compile(name.get());
      return instance -> pattern.matcher(instance.name()).find();
    } catch (PatternSyntaxException e) {
      throw Fault.badRequest("Invalid filter field: name is no regular expression.");
    }
  }

  Reply show(Call call) {
    return Reply.ok(Json.wrap("server", full(call, required(call, "id"))));
  }

  ObjectNode full(Call call, Instance instance) {
    ObjectNode server = view.full(call, instance, progress(instance));
    if (call.version().from(71) && !call.path().isEmpty()) {
      server.putArray("server_groups");
    }
    return server;
  }

  /** 100 - remaining memory in per cent, as Nova has it during a live migration. */
  private int progress(Instance instance) {
    return migrations.of(instance.id()).stream()
        .findFirst()
        .flatMap(MigrationRow::sample)
        .filter(sample -> sample.memoryTotalBytes() > 0)
        .map(ServersApi::percent)
        .orElse(0);
  }

  private static int percent(MigrationSample sample) {
    return Math.clamp(
        100 - sample.memoryRemainingBytes() * 100 / sample.memoryTotalBytes(), 0, 100);
  }

  Reply create(Call call) {
    Instance instance = newServer.of(call);
    actions.begin(
        call.requestId(), instance.id(), "create", call.caller().owner(), clock.instant());
    keeper.create(instance, call.requestId());
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

  Reply delete(Call call) {
    Instance instance = required(call, "id");
    actions.begin(
        call.requestId(), instance.id(), "delete", call.caller().owner(), clock.instant());
    if (!keeper.delete(instance, call.requestId())) {
      throw Fault.conflict(
          "Cannot 'delete' instance %s while it is in task_state migrating"
              .formatted(instance.id()));
    }
    return Reply.empty(204);
  }
}
