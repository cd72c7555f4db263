package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.TaskState;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.MigrationView;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationFilter;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** /servers/{id}/migrations and /os-migrations. */
final class MigrationsApi {
  private final ServersApi servers;
  private final Instances instances;
  private final Migrations migrations;
  private final Actions actions;
  private final Conductor conductor;
  private final Clock clock;

  MigrationsApi(
      ServersApi servers,
      Instances instances,
      Migrations migrations,
      Actions actions,
      Conductor conductor,
      Clock clock) {
    this.servers = servers;
    this.instances = instances;
    this.migrations = migrations;
    this.actions = actions;
    this.conductor = conductor;
    this.clock = clock;
  }

  Reply ofServer(Call call) {
    Instance instance = servers.required(call, "id");
    return Reply.ok(
        Json.wrap(
            "migrations",
            Json.array(
                migrations.of(instance.id()).stream().filter(MigrationView::inProgress).toList(),
                row -> MigrationView.ofServer(call, row))));
  }

  Reply show(Call call) {
    Instance instance = servers.required(call, "id");
    MigrationRow row =
        find(call, instance)
            .orElseThrow(() ->
                Fault.notFound(
                    "Migration %s could not be found.".formatted(call.path("migration"))));
    if (!MigrationView.inProgress(row)) {
      throw Fault.notFound(
          "Live migration %s for server %s is not in progress."
              .formatted(row.migration().number(), instance.id()));
    }
    return Reply.ok(Json.wrap("migration", MigrationView.ofServer(call, row)));
  }

  private Optional<MigrationRow> find(Call call, Instance instance) {
    String number = call.path("migration");
    if (!number.matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return migrations
        .find(Long.parseLong(number))
        .filter(row -> row.migration().instance().equals(instance.id()));
  }

  Reply abort(Call call) {
    Instance instance = servers.required(call, "id");
    MigrationRow row =
        find(call, instance)
            .orElseThrow(() ->
                Fault.notFound(
                    "Migration %s could not be found.".formatted(call.path("migration"))));
    requireMigrating(instance, row, "abort live migration");
    boolean early =
        switch (row.migration().phase()) {
          case Phase.Accepted(), Phase.Planned(), Phase.Preparing _ -> true;
          case Phase.Transferring _,
              Phase.Settling _,
              Phase.RollingBack _,
              Phase.Completed(),
              Phase.Cancelled _,
              Phase.Failed _ ->
              false;
        };
    if ((early && !call.version().from(65))
        || !migrations.wishAbort(row.migration().id(), clock.instant())) {
      throw notInState(row, instance);
    }
    note(call, instance, "live_migration_cancel");
    conductor.wake(row.migration().id());
    return Reply.empty(202);
  }

  Reply act(Call call) {
    Instance instance = servers.required(call, "id");
    Body body = call.json();
    if (!body.singleKey().equals("force_complete")) {
      throw Fault.badRequest("There is no such action: expected force_complete");
    }
    if (body.given("force_complete")) {
      throw Fault.badRequest("Invalid input for field/attribute force_complete: expected null");
    }
    MigrationRow row =
        find(call, instance)
            .orElseThrow(() ->
                Fault.badRequest(
                    "Migration %s could not be found.".formatted(call.path("migration"))));
    requireMigrating(instance, row, "force_complete");
    if (!(row.migration().phase() instanceof Phase.Transferring)
        || !migrations.wishCompletion(row.migration().id(), clock.instant())) {
      throw notInState(row, instance);
    }
    note(call, instance, "live_migration_force_complete");
    conductor.wake(row.migration().id());
    return Reply.empty(202);
  }

  private static void requireMigrating(Instance instance, MigrationRow row, String word) {
    if (instance.taskState() != TaskState.MIGRATING) {
      String why =
          row.migration().phase().committed()
              ? "too late: the guest lives at %s already".formatted(row.migration().destination())
              : "its task_state is not migrating";
      throw Fault.conflict(
          "Instance %s is in an invalid state for '%s': %s".formatted(instance.id(), word, why));
    }
  }

  private static Fault notInState(MigrationRow row, Instance instance) {
    if (row.migration().phase() instanceof Phase.RollingBack) {
      return Fault.badRequest(
          "Migration %s of instance %s is being rolled back already."
              .formatted(row.migration().number(), instance.id()));
    }
    return Fault.badRequest(
        "Migration %s state of instance %s is %s. Cannot abort or force it while the migration is in this state."
            .formatted(row.migration().number(), instance.id(), MigrationView.status(row)));
  }

  private void note(Call call, Instance instance, String action) {
    actions.begin(call.requestId(), instance.id(), action, call.caller().owner(), clock.instant());
  }

  Reply all(Call call) {
    onlyKnownQueries(call);
    boolean paged = call.version().from(59);
    List<MigrationRow> page =
        migrations
            .newest(
                filter(call),
                paged ? before(call) : Long.MAX_VALUE,
                paged ? Paging.limit(call) : Paging.MOST,
                stored -> stored.read().filter(row -> wanted(call, row)).isPresent())
            .stream()
            .flatMap(stored -> stored.read().stream())
            .toList();
    Map<InstanceId, Integer> flavors = new HashMap<>();
    ObjectNode body =
        Json.wrap(
            "migrations",
            Json.array(
                page,
                row ->
                    MigrationView.ofList(
                        call,
                        row,
                        flavors.computeIfAbsent(row.migration().instance(), this::flavorNumber))));
    if (paged) {
      Paging.next(
          call,
          body,
          "migrations_links",
          "/os-migrations",
          page,
          row -> row.migration().id().toString());
    }
    return Reply.ok(body);
  }

  private static void onlyKnownQueries(Call call) {
    List<String> known =
        new ArrayList<>(
            List.of(
                "host",
                "source_compute",
                "status",
                "instance_uuid",
                "migration_type",
                "hidden",
                "limit",
                "marker",
                "changes-since"));
    if (call.version().from(66)) {
      known.add("changes-before");
    }
    if (call.version().from(80)) {
      known.addAll(List.of("user_id", "project_id"));
    }
    call.onlyQueries(59, known.toArray(String[]::new));
  }

  private static MigrationFilter filter(Call call) {
    boolean byOwner = call.version().from(80);
    return new MigrationFilter(
        call.query("host"),
        call.query("source_compute"),
        call.query("instance_uuid"),
        byOwner ? call.query("user_id") : Optional.empty(),
        byOwner ? call.query("project_id") : Optional.empty(),
        call.version().from(59) ? call.time("changes-since") : Optional.empty(),
        call.version().from(66) ? call.time("changes-before") : Optional.empty());
  }

  private long before(Call call) {
    Optional<String> marker = call.query("marker");
    if (marker.isEmpty()) {
      return Long.MAX_VALUE;
    }
    try {
      return migrations
          .find(MigrationId.of(marker.get()))
          .map(row -> row.migration().number())
          .orElseThrow(() -> Paging.unknownMarker(marker.get()));
    } catch (IllegalArgumentException e) {
      throw Paging.unknownMarker(marker.get());
    }
  }

  private int flavorNumber(InstanceId instance) {
    return instances.find(instance).map(it -> it.flavor().number()).orElse(0);
  }

  /** What no column of the record tells. */
  private static boolean wanted(Call call, MigrationRow row) {
    return call.query("status").map(MigrationView.status(row)::equals).orElse(true)
        && call.query("migration_type").map("live-migration"::equals).orElse(true)
        && call.query("hidden")
            .map(it -> !it.equals("1") && !it.equalsIgnoreCase("true"))
            .orElse(true);
  }
}
