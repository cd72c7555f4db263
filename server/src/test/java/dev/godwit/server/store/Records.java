package dev.godwit.server.store;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A database file with everything that reads and writes it, and what tests put into it. */
final class Records implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-25T10:00:00.123456Z");
  static final HostName HOST1 = new HostName("host1");
  static final HostName HOST2 = new HostName("host2");
  static final Instance.Owner OWNER = new Instance.Owner("project", "user");
  static final Resources ROOM = new Resources(100_000, 1_000);

  final Database database;
  final Instances instances;
  final Tasks tasks;
  final Migrations migrations;
  final Actions actions;
  final HostRows hosts;
  final Servers servers;

  /** Servers 1 and 2 are listed. */
  Records(DatabaseAddress address) {
    database = Database.open(address);
    servers = new Servers(database);
    // Not in place of each other, as with one name they would be.
    Sql.run(
        address,
        "DELETE FROM servers",
        "INSERT INTO servers (incarnation, name, beat) VALUES ('server-1', 'one', 1), ('server-2', 'two', 1)",
        "INSERT INTO hosts (name, number, service_id, hypervisor_id, disabled, forced_down, inventory, seen_at)"
            + " VALUES ('host1', 901, 's1', 'h1', 0, 0, '{}', 0), ('host2', 902, 's2', 'h2', 0, 0, '{}', 0)"
            + " ON CONFLICT (name) DO NOTHING");
    instances = new Instances(database);
    tasks = new Tasks(database);
    migrations = new Migrations(database, UUID::randomUUID);
    actions = new Actions(database);
    hosts = new HostRows(database, UUID::randomUUID);
  }

  /** An instance on host1 in that state. */
  Instance instance(VmState state) {
    return instance(state, new InstanceId(UUID.randomUUID()));
  }

  Instance instance(VmState state, InstanceId id) {
    return add(state, id, ROOM).orElseThrow();
  }

  /** Empty when there is too little room for it, or it is there. */
  Optional<Instance> add(VmState state, InstanceId id, Resources room) {
    return instances.add(number -> made(state, id, number), room, request(), "server-1");
  }

  static Instance made(VmState state, InstanceId id, long number) {
    return new Instance(
        id,
        number,
        "vm" + number,
        OWNER,
        Optional.of(HOST1),
        Optional.of("host1.example"),
        state,
        TaskState.NONE,
        PowerState.RUNNING,
        new Flavor(1, "1", "tiny", 256, 1, 0),
        "image",
        Optional.empty(),
        Map.of("colour", "blue"),
        Optional.of("what it is"),
        Optional.empty(),
        NOW,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  static String request() {
    return "req-" + UUID.randomUUID();
  }

  Migrations.Acceptance accept(InstanceId instance) {
    return migrations.accept(asked(instance), NOW);
  }

  static Migrations.Asked asked(InstanceId instance) {
    return new Migrations.Asked(instance, MigrationRequest.anywhere(), OWNER, request());
  }

  /** A migration of a new active instance, leased by server-1. */
  Migration leased() {
    return leased(instance(VmState.ACTIVE).id());
  }

  Migration leased(InstanceId instance) {
    if (accept(instance) instanceof Migrations.Acceptance.Accepted accepted) {
      return migrations.lease(accepted.row().migration().id(), "server-1", NOW).orElseThrow();
    }
    throw new AssertionError("not accepted");
  }

  Instance now(InstanceId id) {
    return instances.find(id).orElseThrow();
  }

  Migration now(Migration migration) {
    return migrations.find(migration.id()).orElseThrow().migration();
  }

  static TransferPlan plan() {
    return new TransferPlan(
        HOST2,
        "qemu+tls://host2/system",
        "tcp:host2",
        HandOver.FAST,
        List.of(
            new DiskMove(
                "vda",
                "/local/vda",
                DiskFormat.QCOW2,
                1 << 30,
                Optional.of("/images/base"),
                true,
                DiskMove.Mode.COPIED)),
        false,
        false,
        false,
        true,
        false,
        false,
        1,
        0,
        300);
  }

  static Decision.Move planned(Migration accepted) {
    return move(
        Life.next(
            accepted,
            new Observation(
                HostView.NOT_LOOKED,
                HostView.NOT_LOOKED,
                Duration.ZERO,
                Optional.of(new PlanOutcome.Chosen(plan())),
                StepReply.NONE,
                false),
            NOW));
  }

  static Decision.Move move(Decision decision) {
    if (decision instanceof Decision.Move move) {
      return move;
    }
    throw new AssertionError("no move: " + decision);
  }

  Moved journal(Migration held, Decision.Move move) {
    return migrations.move(
        held.epoch(),
        move,
        new Migrations.Meaning(Optional.empty(), ROOM, List.of(), List.of()),
        NOW);
  }

  /** Journals it and gives what is then. */
  Migration after(Migration held, Decision.Move move) {
    Moved moved = journal(held, move);
    if (moved != Moved.DONE) {
      throw new AssertionError(moved.toString());
    }
    return now(held);
  }

  /** From accepted to the copy. */
  Migration transferring(Migration leased) {
    Migration at = after(leased, planned(leased));
    while (!(at.phase() instanceof Phase.Transferring)) {
      at = after(at, move(Life.next(at, Observation.of(new StepReply.Done()), NOW)));
    }
    return at;
  }

  static Decision.Move commit(Migration transferring) {
    return Life.move(
        Transition.COMMIT,
        transferring,
        new Phase.Settling(SettleStep.SOURCE_FENCED),
        NOW,
        List.of());
  }

  static Decision.Move rollBack(Migration migration) {
    return rollBack(migration, Transition.TRANSFER_CANCELLED);
  }

  /** Back under a new epoch, as every rollback. */
  static Decision.Move rollBack(Migration migration, Transition transition) {
    return Life.move(
        transition,
        migration.with(migration.epoch().next()),
        new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.aborted()),
        NOW,
        List.of());
  }

  @Override
  public void close() {
    database.close();
  }
}
