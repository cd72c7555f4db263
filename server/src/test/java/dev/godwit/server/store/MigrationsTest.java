package dev.godwit.server.store;

import static dev.godwit.server.store.Records.HOST1;
import static dev.godwit.server.store.Records.HOST2;
import static dev.godwit.server.store.Records.NOW;
import static dev.godwit.server.store.Records.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.DatabaseKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The record of migrations on a real file. */
@ParameterizedClass(name = "{0}")
@EnumSource(DatabaseKind.class)
final class MigrationsTest {
  /** What one of the records' instances takes. */
  private static final Resources ONE = new Resources(256, 1);

  private final DatabaseKind kind;
  @TempDir Path folder;
  private Records records;

  MigrationsTest(DatabaseKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() {
    records = new Records(kind.fresh(folder));
  }

  @AfterEach
  void close() {
    records.close();
  }

  @Test
  void of_many_requests_at_once_one_is_accepted() throws Exception {
    InstanceId id = records.instance(VmState.ACTIVE).id();
    List<Callable<Migrations.Acceptance>> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(() -> records.accept(id));
    }

    int accepted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Migrations.Acceptance> answer : threads.invokeAll(requests)) {
        switch (answer.get()) {
          case Migrations.Acceptance.Accepted _ -> accepted++;
          case Migrations.Acceptance.WrongState(var vm, var task) ->
              assertThat(vm + " " + task).isEqualTo("ACTIVE migrating");
          case Migrations.Acceptance.NoInstance() -> throw new AssertionError("no instance");
        }
      }
    }

    assertThat(accepted).isEqualTo(1);
    assertThat(records.now(id).taskState()).isEqualTo(TaskState.MIGRATING);
    assertThat(records.migrations.underWay("server-1")).hasSize(1);
  }

  @Test
  void an_acceptance_records_the_action_with_it() {
    Migration migration = records.leased();

    List<Actions.Action> actions = records.actions.of(migration.instance());

    assertThat(actions).extracting(Actions.Action::action).contains("live-migration");
    assertThat(actions)
        .extracting(Actions.Action::requestId)
        .contains(records.migrations.find(migration.id()).orElseThrow().requestId());
  }

  @Test
  void an_instance_that_is_stopped_deleted_or_unknown_is_not_accepted() {
    Instance stopped = records.instance(VmState.STOPPED);
    Instance deleted = records.instance(VmState.DELETED);

    assertThat(records.accept(stopped.id()))
        .isEqualTo(new Migrations.Acceptance.WrongState(VmState.STOPPED, ""));
    assertThat(records.accept(deleted.id())).isEqualTo(new Migrations.Acceptance.NoInstance());
    assertThat(records.accept(new InstanceId(UUID.randomUUID())))
        .isEqualTo(new Migrations.Acceptance.NoInstance());
    assertThat(records.now(stopped.id()).taskState()).isEqualTo(TaskState.NONE);
  }

  @Test
  void a_second_uncommitted_move_of_an_instance_cannot_even_be_written() {
    Migration migration = records.leased();
    records.database.changing(handle ->
        handle
            .sql("UPDATE instances SET task_state = 'NONE' WHERE id = :id")
            .bind("id", migration.instance().toString())
            .execute());

    assertThatThrownBy(() -> records.accept(migration.instance()))
        .isInstanceOf(DatabaseTrouble.class)
        .message()
        .containsIgnoringCase("unique");
    assertThat(records.now(migration.instance()).taskState()).isEqualTo(TaskState.NONE);
  }

  @Test
  void a_lease_is_its_owners_until_that_is_struck_off_and_each_has_a_newer_epoch() {
    Migration first = records.leased();
    Migrations migrations = records.migrations;

    assertThat(migrations.lease(first.id(), "server-2", NOW)).isEmpty();
    assertThat(migrations.underWay("server-2")).isEmpty();
    records.servers.leave("server-1");
    assertThat(migrations.underWay("server-2")).hasSize(1);
    Migration second = migrations.lease(first.id(), "server-2", NOW).orElseThrow();

    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(migrations.lease(first.id(), "server-1", NOW)).isEmpty();
  }

  @Test
  void a_server_takes_its_own_again_at_once() {
    Migration first = records.leased();

    Migration again = records.migrations.lease(first.id(), "server-1", NOW).orElseThrow();

    assertThat(again.epoch()).isEqualTo(first.epoch().next());
  }

  @Test
  void an_epoch_is_never_before_its_time_nor_before_one_that_was_given() {
    Migration first = records.leased();
    Instant later = NOW.plusSeconds(60);

    Migration second = records.migrations.lease(first.id(), "server-1", later).orElseThrow();
    Migration third = records.migrations.lease(first.id(), "server-1", NOW).orElseThrow();

    assertThat(second.epoch()).isEqualTo(new Epoch(Micros.of(later)));
    assertThat(third.epoch()).isEqualTo(second.epoch().next());
  }

  @Test
  void a_server_that_is_not_listed_takes_nothing() {
    Migration migration = records.leased();
    records.servers.leave("server-1");

    assertThat(records.migrations.lease(migration.id(), "server-1", NOW)).isEmpty();
    assertThat(records.migrations.lease(migration.id(), "", NOW)).isEmpty();
    assertThat(records.now(migration).epoch()).isEqualTo(migration.epoch());
  }

  @Test
  void an_owner_of_the_past_journals_nothing() {
    Migration old = records.leased();
    records.migrations.lease(old.id(), "server-1", NOW);

    assertThat(records.journal(old, Records.planned(old))).isEqualTo(Moved.LOST);

    Waiting news = Waiting.of(Decision.Stay.held("old news", WayOut.endCopy(old, HOST1)));
    records.migrations.waiting(old.id(), old.epoch(), news, NOW);
    records.migrations.checked(old, List.of(), Optional.of("elsewhere"), NOW);
    MigrationRow row = records.migrations.find(old.id()).orElseThrow();
    assertThat(row.migration().phase()).isEqualTo(new Phase.Accepted());
    assertThat(row.waiting()).isEqualTo(Waiting.NOTHING);
    assertThat(row.destinationNode()).isEmpty();
    assertThat(records.migrations.journal(old.id())).isEmpty();
    assertThat(records.hosts.taken(HOST2)).isEqualTo(Resources.NONE);
  }

  @Test
  void a_decision_made_from_another_phase_than_the_recorded_one_is_lost() {
    Migration accepted = records.leased();
    records.after(accepted, Records.planned(accepted));

    assertThat(records.journal(accepted, Records.planned(accepted))).isEqualTo(Moved.LOST);
    assertThat(records.migrations.journal(accepted.id())).hasSize(1);
    assertThat(records.hosts.taken(HOST2)).isEqualTo(ONE);
  }

  @Test
  void a_plan_claims_the_room_and_a_rollback_gives_it_back() {
    Migration accepted = records.leased();

    Migration planned = records.after(accepted, Records.planned(accepted));
    assertThat(records.hosts.taken()).isEqualTo(Map.of(HOST1, ONE, HOST2, ONE));

    Migration back = records.after(planned, Records.rollBack(planned, Transition.CANCEL_PLANNED));
    assertThat(back.epoch()).isEqualTo(planned.epoch().next());
    while (!back.phase().over()) {
      back =
          records.after(
              back, Records.move(Life.next(back, Observation.of(new StepReply.Done()), NOW)));
    }

    assertThat(back.phase().name()).isEqualTo(PhaseName.CANCELLED);
    assertThat(records.hosts.taken()).isEqualTo(Map.of(HOST1, ONE));
    assertThat(records.now(back.instance()).taskState()).isEqualTo(TaskState.NONE);
    assertThat(records.now(back.instance()).host()).contains(HOST1);
  }

  @Test
  void a_claim_that_others_left_no_room_for_changes_nothing() {
    Migration first = records.leased();
    Migration second = records.leased();
    Migrations.Meaning room =
        new Migrations.Meaning(Optional.empty(), new Resources(300, 100), List.of(), List.of());

    assertThat(records.migrations.move(first.epoch(), Records.planned(first), room, NOW))
        .isEqualTo(Moved.DONE);
    assertThat(records.migrations.move(second.epoch(), Records.planned(second), room, NOW))
        .isEqualTo(Moved.NO_MEMORY);

    assertThat(records.now(second).phase()).isEqualTo(new Phase.Accepted());
    assertThat(records.migrations.journal(second.id())).isEmpty();
    assertThat(records.hosts.taken(HOST2)).isEqualTo(ONE);
  }

  @Test
  void of_two_moves_at_once_one_gets_the_last_of_each_resource() throws Exception {
    Resources much = Records.ROOM;
    assertOneOfTwo(new Resources(256, 100), List.of(), Moved.NO_MEMORY);
    assertOneOfTwo(new Resources(100_000, 1), List.of(), Moved.NO_VCPUS);
    assertOneOfTwo(much, List.of(claim("vda", 600, 1_000)), Moved.NO_DISK_ROOM);
  }

  private void assertOneOfTwo(Resources all, List<DiskClaim> disks, Moved missing)
      throws Exception {
    Migration first = records.leased();
    Migration second = records.leased();
    Migrations.Meaning room = new Migrations.Meaning(Optional.empty(), all, disks, List.of());
    List<Callable<Moved>> plans =
        List.of(
            () -> records.migrations.move(first.epoch(), Records.planned(first), room, NOW),
            () -> records.migrations.move(second.epoch(), Records.planned(second), room, NOW));

    List<Moved> moved = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Moved> answer : threads.invokeAll(plans)) {
        moved.add(answer.get());
      }
    }

    assertThat(moved).containsExactlyInAnyOrder(Moved.DONE, missing);
    Migration winner = moved.getFirst() == Moved.DONE ? first : second;
    assertThat(records.hosts.taken(HOST2)).isEqualTo(ONE);
    assertThat(claimed()).isEqualTo(disks.isEmpty() ? 0 : 600);
    goBack(records.now(winner), Transition.CANCEL_PLANNED);
  }

  private static DiskClaim claim(String target, long bytes, long free) {
    return new DiskClaim(target, "/local/" + target, bytes, new Room("/dev/vda1 254:1", free));
  }

  /** Bytes claimed on the file system of {@link #claim} of host2. */
  private long claimed() {
    return records.hosts.claimedBytes().getOrDefault(HOST2, Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private Migration goBack(Migration migration, Transition transition) {
    boolean failed = transition.name().endsWith("FAILED");
    Refusal reason = new Refusal("test", "a move", "good luck", "bad luck", "Wait.");
    Migration back =
        records.after(
            migration,
            Life.move(
                transition,
                migration.with(migration.epoch().next()),
                new Phase.RollingBack(
                    RollbackStep.DESTINATION_DOMAIN,
                    failed ? Ending.failed(reason) : Ending.aborted()),
                NOW,
                List.of()));
    while (!back.phase().over()) {
      back =
          records.after(
              back, Records.move(Life.next(back, Observation.of(new StepReply.Done()), NOW)));
    }
    return back;
  }

  private Migration plannedWith(DiskClaim... disks) {
    Migration migration = records.leased();
    assertThat(
            records.migrations.move(
                migration.epoch(),
                Records.planned(migration),
                new Migrations.Meaning(Optional.empty(), Records.ROOM, List.of(disks), List.of()),
                NOW))
        .isEqualTo(Moved.DONE);
    return records.now(migration);
  }

  @Test
  void disks_of_one_move_on_one_file_system_claim_it_together() {
    Migration migration = records.leased();

    assertThat(
            records.migrations.move(
                migration.epoch(),
                Records.planned(migration),
                new Migrations.Meaning(
                    Optional.empty(),
                    Records.ROOM,
                    List.of(claim("vda", 600, 1_000), claim("vdb", 600, 1_000)),
                    List.of()),
                NOW))
        .isEqualTo(Moved.NO_DISK_ROOM);

    assertThat(claimed()).isZero();
    assertThat(records.hosts.taken(HOST2)).isEqualTo(Resources.NONE);
  }

  @Test
  void disks_on_different_file_systems_do_not_stand_in_each_others_way() {
    plannedWith(claim("vda", 1_000, 1_000));
    plannedWith(new DiskClaim("vda", "/other/vda", 1_000, new Room("/dev/vdb1 254:17", 1_000)));

    assertThat(records.hosts.claimedBytes())
        .isEqualTo(Map.of(HOST2, Map.of("/dev/vda1 254:1", 1_000L, "/dev/vdb1 254:17", 1_000L)));
  }

  @Test
  void what_was_copied_is_claimed_no_more_and_never_claimed_again() {
    Migration migration = plannedWith(claim("vda", 600, 1_000), claim("vdb", 300, 1_000));

    // More than was claimed: a raw disk is copied in the size that the guest sees, and sparse.
    records.migrations.sampled(migration.id(), "server-1", sample(Map.of("vda", 5_000L)), NOW);
    assertThat(claimed()).isEqualTo(900);
    records.migrations.sampled(
        migration.id(), "server-1", sample(Map.of("vda", 100L, "vdb", 300L)), NOW);
    assertThat(claimed()).isEqualTo(400);
    records.migrations.sampled(
        migration.id(), "server-1", sample(Map.of("vda", 550L, "vdb", 0L)), NOW);
    assertThat(claimed()).isEqualTo(100);

    // Another migration's progress is nothing to it.
    records.migrations.sampled(records.leased().id(), "server-1", sample(Map.of("vda", 0L)), NOW);
    assertThat(claimed()).isEqualTo(100);
  }

  @Test
  void every_ending_releases_what_was_claimed() {
    for (Transition back :
        List.of(
            Transition.CANCEL_PLANNED,
            Transition.CANCEL_PREPARING,
            Transition.PREPARE_FAILED,
            Transition.TRANSFER_FAILED,
            Transition.TRANSFER_CANCELLED)) {
      Migration at = plannedWith(claim("vda", 600, 1_000));
      if (back.from() != PhaseName.PLANNED) {
        at = until(at, back.from());
      }
      assertThat(claimed()).describedAs("before " + back).isEqualTo(600);

      PhaseName end = goBack(at, back).phase().name();

      assertThat(end)
          .isEqualTo(back.name().endsWith("FAILED") ? PhaseName.FAILED : PhaseName.CANCELLED);

      assertThat(claimed()).describedAs("after " + back).isZero();
      assertThat(records.hosts.taken(HOST2)).describedAs("after " + back).isEqualTo(Resources.NONE);
    }
  }

  private Migration until(Migration migration, PhaseName phase) {
    Migration at = migration;
    while (at.phase().name() != phase) {
      at =
          records.after(at, Records.move(Life.next(at, Observation.of(new StepReply.Done()), NOW)));
    }
    return at;
  }

  @Test
  void ownership_turns_a_claim_into_use() {
    Migration copying = until(plannedWith(claim("vda", 600, 1_000)), PhaseName.TRANSFERRING);
    assertThat(records.hosts.taken()).isEqualTo(Map.of(HOST1, ONE, HOST2, ONE));

    records.after(copying, Records.commit(copying));

    assertThat(records.hosts.taken()).isEqualTo(Map.of(HOST2, ONE));
    assertThat(claimed()).isZero();
    long rows =
        records.database.read(handle ->
            handle.sql("SELECT COUNT(*) AS count FROM claims").one(row -> row.number("count")));
    assertThat(rows).isZero();
  }

  @Test
  void a_guest_for_which_there_is_too_little_of_anything_is_not_recorded() {
    records.instance(VmState.ACTIVE);
    records.instance(VmState.ACTIVE);
    InstanceId id = new InstanceId(UUID.randomUUID());

    assertThat(records.add(VmState.ACTIVE, id, new Resources(100_000, 2))).isEmpty();
    assertThat(records.instances.find(id)).isEmpty();
    assertThat(records.add(VmState.ACTIVE, id, new Resources(767, 3))).isEmpty();
    assertThat(records.add(VmState.ACTIVE, id, new Resources(768, 3))).isPresent();
  }

  @Test
  void the_commit_changes_host_node_task_and_journal_together() {
    Migration accepted = records.leased();
    records.migrations.checked(accepted, List.of(), Optional.of("host2.example"), NOW);
    Migration copying = records.transferring(accepted);

    Migration settling = records.after(copying, Records.commit(copying));

    Instance instance = records.now(settling.instance());
    assertThat(instance.host()).contains(HOST2);
    assertThat(instance.node()).contains("host2.example");
    assertThat(instance.taskState()).isEqualTo(TaskState.NONE);
    assertThat(records.migrations.journal(settling.id()).getLast().transition())
        .isEqualTo("COMMIT");
    assertThat(records.hosts.taken()).isEqualTo(Map.of(HOST2, ONE));
    MigrationRow row = records.migrations.find(settling.id()).orElseThrow();
    assertThat(row.committedAt()).contains(NOW);
  }

  @Test
  void a_commit_for_an_instance_that_is_recorded_elsewhere_changes_nothing_at_all() {
    Migration copying = records.transferring(records.leased());
    records.database.changing(
        handle -> handle.sql("UPDATE instances SET host = 'host9'").execute());
    int entries = records.migrations.journal(copying.id()).size();

    assertThatThrownBy(() -> records.journal(copying, Records.commit(copying)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not recorded on host1");

    assertThat(records.now(copying).phase()).isEqualTo(new Phase.Transferring());
    assertThat(records.migrations.journal(copying.id())).hasSize(entries);
    assertThat(records.now(copying.instance()).host()).contains(new HostName("host9"));
  }

  @Test
  void the_event_of_a_move_is_recorded_with_it_or_not_at_all() {
    Migration migration = records.leased();
    String request = records.migrations.find(migration.id()).orElseThrow().requestId();
    Actions.Event event =
        new Actions.Event(
            "compute_check",
            Optional.of(HOST2),
            NOW,
            Optional.of(NOW),
            Optional.of("Success"),
            Optional.empty());

    Migrations.Meaning noRoom =
        new Migrations.Meaning(Optional.of(event), Resources.NONE, List.of(), List.of());
    records.migrations.move(migration.epoch(), Records.planned(migration), noRoom, NOW);
    assertThat(records.actions.events(request)).isEmpty();

    Migrations.Meaning room =
        new Migrations.Meaning(Optional.of(event), Records.ROOM, List.of(), List.of());
    records.migrations.move(migration.epoch(), Records.planned(migration), room, NOW);
    assertThat(records.actions.events(request)).containsExactly(event);
  }

  @Test
  void wishes_are_taken_until_the_commit_and_not_after_it() {
    Migration copying = records.transferring(records.leased());

    assertThat(records.migrations.wishCompletion(copying.id(), NOW)).isTrue();
    assertThat(records.migrations.wishAbort(copying.id(), NOW)).isTrue();
    assertThat(records.now(copying).wishes().abort()).isTrue();
    assertThat(records.now(copying).wishes().forceComplete()).isTrue();

    Migration settling = records.after(copying, Records.commit(copying));
    assertThat(records.migrations.wishAbort(settling.id(), NOW)).isFalse();
    assertThat(records.migrations.wishCompletion(settling.id(), NOW)).isFalse();
  }

  @Test
  void wishes_are_not_taken_while_it_goes_back() {
    Migration copying = records.transferring(records.leased());
    Migration back = records.after(copying, Records.rollBack(copying));

    assertThat(records.migrations.wishAbort(back.id(), NOW)).isFalse();
    assertThat(records.migrations.wishCompletion(back.id(), NOW)).isFalse();
  }

  @Test
  void an_operators_ruling_is_taken_on_what_they_were_told_and_not_on_what_is_told_since() {
    Migration copying = records.transferring(records.leased());
    Ruling ruling = new Ruling(HOST2, "admin", "newer disks");
    Waiting asks = asks(copying, "off on both sides");
    records.migrations.waiting(copying.id(), copying.epoch(), asks, NOW);

    assertThat(records.migrations.rule(copying.id(), ruling, "it runs", NOW)).isFalse();
    assertThat(records.now(copying).wishes().ruling()).isEmpty();
    assertThat(records.migrations.rule(copying.id(), ruling, asks.why(), NOW)).isTrue();
    assertThat(records.now(copying).wishes().ruling()).contains(ruling);
  }

  @Test
  void what_an_operator_can_do_stands_beside_the_reason_until_that_or_the_phase_is_another() {
    Migration copying = records.transferring(records.leased());
    assertThat(waiting(copying).wayOut()).isEqualTo(WayOut.NONE);

    Waiting asks = asks(copying, "two copies are stopped");
    records.migrations.waiting(copying.id(), copying.epoch(), asks, NOW);
    assertThat(waiting(copying)).isEqualTo(asks);
    assertThat(waiting(copying).wayOut().end()).containsExactly(HOST1, HOST2);

    records.migrations.waiting(copying.id(), copying.epoch(), Waiting.of("it is copied"), NOW);
    assertThat(waiting(copying)).isEqualTo(Waiting.of("it is copied"));

    records.migrations.waiting(copying.id(), copying.epoch(), asks, NOW);
    records.after(copying, Records.commit(copying));
    assertThat(waiting(copying).alarm()).isFalse();
    assertThat(waiting(copying).wayOut()).isEqualTo(WayOut.NONE);
  }

  private Waiting waiting(Migration migration) {
    return records.migrations.find(migration.id()).orElseThrow().waiting();
  }

  private static Waiting asks(Migration migration, String awaited) {
    return Waiting.of(Decision.Stay.held(awaited, WayOut.endOneCopy(migration)));
  }

  @Test
  void a_guest_has_moved_on_when_it_is_at_home_on_a_third_host_and_not_where_the_move_left_it() {
    Migration copying = records.transferring(records.leased());
    Migration settling = records.after(copying, Records.commit(copying));
    assertThat(records.migrations.movedOn(settling)).isFalse();

    at(settling.source());
    assertThat(records.migrations.movedOn(settling)).as("back at the source").isFalse();
    at(new HostName("host-c"));
    assertThat(records.migrations.movedOn(settling)).isTrue();
  }

  private void at(HostName host) {
    records.database.changing(handle ->
        handle.sql("UPDATE instances SET host = :host").bind("host", host.value()).execute());
  }

  @Test
  void a_new_move_may_be_accepted_while_an_older_one_settles_and_waits_for_it() {
    Migration copying = records.transferring(records.leased());
    Migration older = records.after(copying, Records.commit(copying));

    Migration newer = records.leased(older.instance());

    assertThat(newer.source()).isEqualTo(HOST2);
    assertThat(records.migrations.earlierSettling(newer)).isTrue();
    assertThat(records.migrations.earlierSettling(older)).isFalse();
    while (!older.phase().over()) {
      older =
          records.after(
              older, Records.move(Life.next(older, Observation.of(new StepReply.Done()), NOW)));
    }
    assertThat(records.migrations.earlierSettling(newer)).isFalse();
  }

  @Test
  void a_new_move_waits_for_an_older_one_that_cannot_be_read() {
    Migration copying = records.transferring(records.leased());
    Migration older = records.after(copying, Records.commit(copying));
    Migration newer = records.leased(older.instance());

    written(older, "phase = 'COMPLETED', over = 1, owed = '[{\"invented_later\": 1}]'");

    assertThat(records.migrations.earlierSettling(newer)).isTrue();
    written(older, "owed = '[]'");
    assertThat(records.migrations.earlierSettling(newer)).isFalse();
  }

  @Test
  void what_cannot_be_read_says_what_was_expected_and_found_and_what_to_do() {
    Migration migration = records.leased();
    written(migration, "request = '{\"invented_later\": 1}'");

    assertThatThrownBy(() -> records.migrations.find(migration.id()))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("migration " + migration.number())
        .hasMessageContaining("MigrationRequest")
        .hasMessageContaining("invented_later")
        .hasMessageContaining("stop all servers, and start that version again");
  }

  private void written(Migration migration, String change) {
    records.database.changing(handle ->
        handle
            .sql("UPDATE migrations SET " + change + " WHERE id = :id")
            .bind("id", migration.id().toString())
            .execute());
  }

  @Test
  void every_phase_is_read_as_it_was_written() {
    Migration at = records.leased();
    List<Phase> phases = new ArrayList<>();
    Decision.Move move = Records.planned(at);
    while (true) {
      at = records.after(at, move);
      assertThat(at.phase()).isEqualTo(move.next().phase());
      assertThat(at.plan()).isEqualTo(move.next().plan());
      phases.add(at.phase());
      if (at.phase().over()) {
        break;
      }
      move =
          at.phase() instanceof Phase.Transferring
              ? Records.commit(at)
              : Records.move(Life.next(at, Observation.of(new StepReply.Done()), NOW));
    }
    assertThat(phases)
        .contains(
            new Phase.Planned(),
            new Phase.Preparing(PrepareStep.DESTINATION_DISKS),
            new Phase.Completed())
        .hasSize(11);
  }

  private static MigrationSample sample(Map<String, Long> remainingBytes) {
    Map<String, MigrationSample.Disk> disks = new HashMap<>();
    remainingBytes.forEach(
        (target, bytes) -> disks.put(target, new MigrationSample.Disk(10_000, bytes)));
    return new MigrationSample(
        NOW,
        true,
        12,
        new MigrationSample.Memory(1L << 40, 2, 3, 4, 5, 4096, 6),
        new MigrationSample.Disks(7, 8, 9, disks),
        300,
        OptionalLong.of(42));
  }

  @Test
  void a_sample_is_read_as_it_was_written() {
    Migration migration = records.leased();
    MigrationSample sample = sample(Map.of("vda", 6L));

    records.migrations.sampled(migration.id(), "server-1", sample, NOW);

    assertThat(records.migrations.find(migration.id()).orElseThrow().sample()).contains(sample);
  }

  @Test
  void the_newest_that_fit_are_found_page_by_page() {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      numbers.addFirst(records.leased().number());
    }
    Migrations migrations = records.migrations;

    List<Stored> first = migrations.newest(MigrationFilter.ALL, Long.MAX_VALUE, 2, row -> true);
    List<Stored> second = migrations.newest(MigrationFilter.ALL, numbers.get(1), 9, row -> true);

    assertThat(numbers(first)).isEqualTo(numbers.subList(0, 2));
    assertThat(numbers(second)).isEqualTo(numbers.subList(2, 5));
    assertThat(
            numbers(
                migrations.newest(
                    MigrationFilter.ALL, Long.MAX_VALUE, 9, row -> row.number() == numbers.get(3))))
        .containsExactly(numbers.get(3));
  }

  @Test
  void each_part_of_a_filter_counts() {
    Migration other = records.leased();
    Migration wanted = records.leased();
    records.after(wanted, Records.planned(wanted));

    assertThat(found(Optional.of("host2"), Optional.empty(), Optional.empty(), Optional.empty()))
        .containsExactly(wanted.number());
    assertThat(found(Optional.of("host1"), Optional.empty(), Optional.empty(), Optional.empty()))
        .containsExactly(wanted.number(), other.number());
    assertThat(found(Optional.empty(), Optional.of("host2"), Optional.empty(), Optional.empty()))
        .isEmpty();
    assertThat(
            found(
                Optional.empty(),
                Optional.empty(),
                Optional.of(other.instance().toString()),
                Optional.of(OWNER.userId())))
        .containsExactly(other.number());
    assertThat(found(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("nobody")))
        .isEmpty();
    assertThat(since(NOW)).containsExactly(wanted.number(), other.number());
    assertThat(since(NOW.plusSeconds(1))).isEmpty();
  }

  private List<Long> found(
      Optional<String> host,
      Optional<String> source,
      Optional<String> instance,
      Optional<String> user) {
    return numbers(
        records.migrations.newest(
            new MigrationFilter(
                host, source, instance, user, Optional.empty(), Optional.empty(), Optional.empty()),
            Long.MAX_VALUE,
            9,
            row -> true));
  }

  private List<Long> since(Instant since) {
    return numbers(
        records.migrations.newest(
            new MigrationFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(OWNER.projectId()),
                Optional.of(since),
                Optional.of(NOW)),
            Long.MAX_VALUE,
            9,
            row -> true));
  }

  private static List<Long> numbers(List<Stored> rows) {
    return rows.stream().map(Stored::number).toList();
  }

  @Test
  void an_epoch_of_the_future_is_no_owner_either() {
    Migration migration = records.leased();

    assertThat(
            records.migrations.move(
                new Epoch(99),
                Records.planned(migration),
                new Migrations.Meaning(Optional.empty(), Records.ROOM, List.of(), List.of()),
                NOW))
        .isEqualTo(Moved.LOST);
  }
}
