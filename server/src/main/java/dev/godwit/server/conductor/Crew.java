package dev.godwit.server.conductor;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Hosts;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What every course needs: the record, the hosts, the search, the clock. */
record Crew(
    Migrations migrations,
    Instances instances,
    Actions actions,
    Fleet fleet,
    Hosts hosts,
    DestinationSearch search,
    Sightings sightings,
    Clock clock,
    Consumer<Migration> changed) {
  private static final Duration PLAN_PATIENCE = Duration.ofSeconds(30);

  /** The record as it is, with what was wished for since; empty when somebody else owns it. */
  Optional<Migration> refreshed(Migration migration) {
    return migrations
        .find(migration.id())
        .map(MigrationRow::migration)
        .filter(it -> it.epoch().equals(migration.epoch()));
  }

  boolean earlierSettling(Migration migration) {
    return migrations.earlierSettling(migration);
  }

  boolean journal(Migration migration, Decision.Move move, Instant now) {
    boolean mine = migrations.move(migration.epoch(), move, now);
    if (mine) {
      note(move, now);
      changed.accept(move.next());
    }
    return mine;
  }

  void waiting(Migration migration, String why, boolean alarm) {
    migrations.waiting(migration.id(), migration.epoch(), why, alarm, clock.instant());
    changed.accept(migration);
  }

  void checked(
      Migration migration, List<MigrationRow.HostChecks> checks, Optional<HostName> destination) {
    Optional<String> node =
        destination.flatMap(fleet::find).map(member -> member.row().inventory().node());
    migrations.checked(migration.id(), checks, node, clock.instant());
  }

  DestinationSearch.Question question(Migration migration) {
    long memoryMib =
        instances.find(migration.instance()).map(it -> (long) it.flavor().memoryMib()).orElse(0L);
    return new DestinationSearch.Question(
        migration.id(), migration.instance(), migration.source(), memoryMib, migration.request());
  }

  boolean overdue(Migration migration) {
    return Duration.between(migration.acceptedAt(), clock.instant()).compareTo(PLAN_PATIENCE) > 0;
  }

  /** Nova's event names, so that its users find what they know. */
  private void note(Decision.Move move, Instant now) {
    Migration next = move.next();
    switch (move.transition()) {
      case PLAN -> event(next, "compute_check_can_live_migrate_destination", "Success", now);
      case REFUSE -> event(next, "conductor_live_migrate_instance", "Error", now);
      case TRANSFER -> event(next, "compute_pre_live_migration", "Success", now);
      case COMMIT -> event(next, "compute_live_migration", "Success", now);
      case COMPLETE -> event(next, "compute_post_live_migration_at_destination", "Success", now);
      case PREPARE_FAILED -> event(next, "compute_pre_live_migration", "Error", now);
      case TRANSFER_FAILED -> event(next, "compute_live_migration", "Error", now);
      case ROLLED_BACK_CANCELLED, ROLLED_BACK_FAILED ->
          event(next, "compute_rollback_live_migration_at_destination", "Success", now);
      case CANCEL_ACCEPTED,
          PREPARE,
          CANCEL_PLANNED,
          PREPARE_NEXT,
          CANCEL_PREPARING,
          TRANSFER_CANCELLED,
          SETTLE_NEXT,
          SOURCE_RAN,
          ROLL_BACK_NEXT,
          DESTINATION_RAN -> {}
    }
  }

  private void event(Migration migration, String name, String result, Instant now) {
    Optional<String> details =
        result.equals("Error") ? Optional.of(why(migration)) : Optional.empty();
    migrations
        .find(migration.id())
        .ifPresent(row ->
            actions.event(
                row.requestId(),
                new Actions.Event(
                    name,
                    Optional.of(
                        migration.plan().isPresent()
                            ? migration.destination()
                            : migration.source()),
                    migration.phaseSince(),
                    Optional.of(now),
                    Optional.of(result),
                    details)));
  }

  private static String why(Migration migration) {
    return switch (migration.phase()) {
      case Phase.Failed(var ending) -> sentences(ending);
      case Phase.RollingBack(var _, var ending) -> sentences(ending);
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Preparing _,
          Phase.Transferring(),
          Phase.Settling _,
          Phase.Completed(),
          Phase.Cancelled _ ->
          "";
    };
  }

  private static String sentences(Ending ending) {
    return String.join(" ", ending.reasons().stream().map(Refusal::sentence).toList());
  }
}
