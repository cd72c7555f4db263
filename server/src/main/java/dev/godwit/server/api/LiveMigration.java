package dev.godwit.server.api;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.core.port.Answer;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Migrations;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The body of os-migrateLive, and what is told of it at once. */
final class LiveMigration {
  private static final String NO_HOST =
      "No valid host was found. There are not enough hosts available.";

  private final Conductor conductor;
  private final DestinationSearch search;
  private final Fleet fleet;
  private final Supplier<UUID> ids;

  LiveMigration(Conductor conductor, DestinationSearch search, Fleet fleet, Supplier<UUID> ids) {
    this.ids = ids;
    this.conductor = conductor;
    this.search = search;
    this.fleet = fleet;
  }

  /** Reads and checks; up to 2.33 the pre-checks too, for which the caller waits. */
  Migrations.Asked asked(Call call, Instance instance, Body body) {
    MigrationRequest request = request(call, body);
    if (mayMove(instance)) {
      refuseWhereItIs(call, instance, request);
      if (!call.version().from(34)) {
        checkNow(instance, request);
      }
    }
    return new Migrations.Asked(instance.id(), request, call.caller().owner(), call.requestId());
  }

  void begin(MigrationId migration) {
    conductor.wake(migration);
  }

  private MigrationRequest request(Call call, Body body) {
    boolean auto = call.version().from(25);
    boolean mayForce = call.version().from(30) && !call.version().from(68);
    if (!auto) {
      body.only("host", "block_migration", "disk_over_commit").truth("disk_over_commit");
    } else if (mayForce) {
      body.only("host", "block_migration", "force");
    } else {
      body.only("host", "block_migration");
    }
    if (!body.has("host")) {
      throw Fault.badRequest(
          "Invalid input for field/attribute os-migrateLive. 'host' is a required property");
    }
    Optional<String> host = body.given("host") ? Optional.of(body.text("host")) : Optional.empty();
    if (mayForce && body.has("force") && body.truth("force") && host.isEmpty()) {
      throw Fault.badRequest("Can't force to a non-provided destination");
    }
    Optional<Boolean> copy =
        auto && body.isText("block_migration", "auto")
            ? Optional.empty()
            : Optional.of(body.truth("block_migration"));
    return new MigrationRequest(host.map(this::known), copy, Optional.empty());
  }

  private HostName known(String name) {
    return fleet
        .named(name)
        .map(Fleet.Member::name)
        .orElseThrow(() -> Fault.badRequest("Compute host %s could not be found.".formatted(name)));
  }

  /** Otherwise the refusal is about its state, and comes when the request is to be recorded. */
  private static boolean mayMove(Instance instance) {
    return instance.taskState() == TaskState.NONE
        && (instance.vmState() == VmState.ACTIVE || instance.vmState() == VmState.PAUSED);
  }

  /**
   * From 2.34 Nova accepts this too, only to let it fail: what is certain is told at once here.
   * From 2.30 to 2.33 its scheduler, which leaves the source out, has the word.
   */
  private static void refuseWhereItIs(Call call, Instance instance, MigrationRequest request) {
    if (request.destination().isPresent() && request.destination().equals(instance.host())) {
      throw Fault.badRequest(
          call.version().from(30) && !call.version().from(34)
              ? NO_HOST
              : "Unable to migrate instance (%s) to current host (%s)."
                  .formatted(instance.id(), instance.scheduledHost()));
    }
  }

  private void checkNow(Instance instance, MigrationRequest request) {
    DestinationSearch.Question question =
        new DestinationSearch.Question(
            ProofId.ofDryRun(new MigrationId(ids.get())),
            instance.id(),
            instance.scheduledHost(),
            instance.flavor().resources(),
            request);
    switch (search.search(question)) {
      case Answer.Silent(String why) -> throw Fault.badRequest("Migration pre-check error: " + why);
      case Answer.Refused(Refusal reason) ->
          throw Fault.badRequest("Migration pre-check error: " + reason.sentence());
      case Answer.Given(DestinationSearch.Findings findings) -> {
        if (findings.best().isEmpty()) {
          throw Fault.badRequest(refusal(request, findings.refusals()));
        }
      }
    }
  }

  private static String refusal(MigrationRequest request, List<Refusal> refusals) {
    String first = refusals.stream().findFirst().map(Refusal::sentence).orElse("");
    return request.destination().isPresent()
        ? "Migration pre-check error: " + first
        : (NO_HOST + " " + first).strip();
  }
}
