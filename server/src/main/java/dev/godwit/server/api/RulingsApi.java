package dev.godwit.server.api;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HostName;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.util.stream.Stream;

/** An operator's word on where a guest lives, where a migration is held for it. */
final class RulingsApi {
  private final GodwitApi godwit;
  private final Migrations migrations;
  private final Conductor conductor;
  private final Clock clock;

  RulingsApi(GodwitApi godwit, Migrations migrations, Conductor conductor, Clock clock) {
    this.godwit = godwit;
    this.migrations = migrations;
    this.conductor = conductor;
    this.clock = clock;
  }

  Reply rule(Call call) {
    MigrationRow row = godwit.required(call);
    Migration migration = row.migration();
    Body body = call.json().only("home", "reason");
    String home = body.text("home");
    String reason = body.text("reason");
    HostName host = host(migration, home);
    if (!row.waiting().wayOut().home().contains(host)) {
      throw notAsked(migration, row.waiting().why());
    }
    Ruling ruling = new Ruling(host, call.caller().userName(), reason);
    if (!migrations.rule(migration.id(), ruling, row.waiting().why(), clock.instant())) {
      throw notAsked(migration, "it went on meanwhile");
    }
    conductor.wake(migration.id());
    return Reply.of(202, godwit.brief(godwit.required(call)));
  }

  private static HostName host(Migration migration, String home) {
    return Stream.concat(
            Stream.of(migration.source()), migration.plan().map(TransferPlan::destination).stream())
        .filter(host -> host.value().equals(home))
        .findFirst()
        .orElseThrow(() ->
            Fault.badRequest(
                "home: expected the source or the destination of the move, found "
                    + Body.shown(home)));
  }

  private static Fault notAsked(Migration migration, String why) {
    return Fault.conflict(
        "Migration %d: expected one that is held and asks whether its guest lives there, found: %s. See 'godwit migration show %d'."
            .formatted(migration.number(), why, migration.number()));
  }
}
