package dev.godwit.server.conductor;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Moved;
import dev.godwit.server.store.Sighting;
import dev.godwit.server.store.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What every course needs: the record, the hosts, the search, the rules, the clock. */
record Crew(
    Migrations migrations,
    Instances instances,
    Fleet fleet,
    Hosts hosts,
    DestinationSearch search,
    Sightings sightings,
    Patience patience,
    Rules rules,
    Clock clock,
    Tempo tempo,
    Consumer<Migration> changed) {
  private static final Duration PLAN_PATIENCE = Duration.ofSeconds(30);

  /**
   * The record as it is, with what was wished for since; empty when somebody else owns it, or a
   * promoted standby has it as it was before: answers that a course holds are to other steps then.
   */
  Optional<Migration> refreshed(Migration migration) {
    return migrations
        .find(migration.id())
        .map(MigrationRow::migration)
        .filter(it -> it.epoch().equals(migration.epoch()) && it.standsAs(migration));
  }

  /** Wishes what the configuration wants of a copy that takes too long; true when it did. */
  boolean wishedByPatience(Migration migration) {
    Instant now = clock.instant();
    if (!patience.isOver(migration, () -> wanted(migration).memoryMib(), now)) {
      return false;
    }
    return switch (patience.action()) {
      case ABORT -> migrations.wishAbort(migration.id(), now);
      case FORCE_COMPLETE -> migrations.wishCompletion(migration.id(), now);
    };
  }

  boolean earlierSettling(Migration migration) {
    return migrations.earlierSettling(migration);
  }

  boolean movedOn(Migration migration) {
    return migrations.movedOn(migration);
  }

  /** The hosts that are known dead, as a decision sees them. */
  Map<HostName, HostView> fenced() {
    return fleet.fenced().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                it -> new HostView.Fenced(it.getValue().by(), it.getValue().since())));
  }

  /**
   * Journals a move.
   *
   * @param claims the room that its plan claims
   */
  Moved journal(Migration migration, Decision.Move move, List<DiskClaim> claims, Instant now) {
    List<Sighting> seen = sightings.unwritten(migration.id());
    Moved moved =
        migrations.move(
            migration.epoch(),
            move,
            new Migrations.Meaning(event(migration, move, now), room(move), claims, seen),
            now);
    if (moved == Moved.DONE) {
      sightings.written(migration.id(), seen);
      changed.accept(move.next());
    }
    return moved;
  }

  /** Asked for where it is claimed only: a commit does not wait for it. */
  private Resources room(Decision.Move move) {
    return move.next()
        .plan()
        .filter(plan -> move.transition() == Transition.PLAN)
        .flatMap(plan -> fleet.find(plan.destination()))
        .map(Fleet.Member::room)
        .orElse(Resources.NONE);
  }

  void waiting(Migration migration, Waiting waiting) {
    migrations.waiting(migration.id(), migration.epoch(), waiting, clock.instant());
    changed.accept(migration);
  }

  void checked(
      Migration migration, List<MigrationRow.HostChecks> checks, Optional<HostName> destination) {
    Optional<String> node =
        destination.flatMap(fleet::find).map(member -> member.row().inventory().node());
    migrations.checked(migration, checks, node, clock.instant());
  }

  DestinationSearch.Question question(Migration migration) {
    return new DestinationSearch.Question(
        new ProofId(migration.id(), migration.epoch()),
        migration.instance(),
        migration.source(),
        wanted(migration),
        migration.request());
  }

  private Resources wanted(Migration migration) {
    return instances
        .find(migration.instance())
        .map(it -> it.flavor().resources())
        .orElse(Resources.NONE);
  }

  boolean overdue(Migration migration) {
    return Duration.between(migration.acceptedAt(), clock.instant()).compareTo(PLAN_PATIENCE) > 0;
  }

  /** Nova's event names, so that its users find what they know. */
  private static Optional<Actions.Event> event(Migration before, Decision.Move move, Instant now) {
    return switch (move.transition()) {
      case PLAN -> event(before, move, "compute_check_can_live_migrate_destination", true, now);
      case REFUSE -> event(before, move, "conductor_live_migrate_instance", false, now);
      case TRANSFER -> event(before, move, "compute_pre_live_migration", true, now);
      case COMMIT, RULED_ON -> event(before, move, "compute_live_migration", true, now);
      case COMPLETE -> event(before, move, "compute_post_live_migration_at_destination", true, now);
      case PREPARE_FAILED -> event(before, move, "compute_pre_live_migration", false, now);
      case TRANSFER_FAILED, RULED_BACK -> event(before, move, "compute_live_migration", false, now);
      case ROLLED_BACK_CANCELLED, ROLLED_BACK_FAILED ->
          event(before, move, "compute_rollback_live_migration_at_destination", true, now);
      case CANCEL_ACCEPTED,
          REPLAN,
          PREPARE,
          CANCEL_PLANNED,
          PREPARE_NEXT,
          CANCEL_PREPARING,
          START_GIVEN_UP,
          TRANSFER_CANCELLED,
          SETTLE_NEXT,
          SOURCE_RAN,
          POST_COPY_BROKE,
          HOST_DIED,
          ROLL_BACK_NEXT,
          DESTINATION_RAN,
          COPY_FOUND,
          COMPLETED_HOST_RETURNED,
          CANCELLED_HOST_RETURNED,
          FAILED_HOST_RETURNED ->
          Optional.empty();
    };
  }

  private static Optional<Actions.Event> event(
      Migration before, Decision.Move move, String name, boolean success, Instant now) {
    Migration next = move.next();
    return Optional.of(
        new Actions.Event(
            name,
            Optional.of(next.plan().isPresent() ? next.destination() : next.source()),
            before.phaseSince(),
            Optional.of(now),
            Optional.of(success ? "Success" : "Error"),
            success ? Optional.empty() : Optional.of(why(next))));
  }

  private static String why(Migration migration) {
    return switch (migration.phase()) {
      case Phase.Failed(var ending) -> sentences(ending);
      case Phase.RollingBack(var _, var ending) -> sentences(ending);
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Preparing _,
          Phase.Transferring _,
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
