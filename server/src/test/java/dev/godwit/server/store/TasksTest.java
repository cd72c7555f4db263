package dev.godwit.server.store;

import static dev.godwit.server.store.Records.HOST1;
import static dev.godwit.server.store.Records.HOST2;
import static dev.godwit.server.store.Records.NOW;
import static dev.godwit.server.store.Records.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.DatabaseKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

/** Instances, their tasks and what hosts see of them, on a real file. */
@ParameterizedClass(name = "{0}")
@EnumSource(DatabaseKind.class)
final class TasksTest {
  private static final Instant LATER = NOW.plusSeconds(10);

  private final DatabaseKind kind;
  @TempDir Path folder;
  private Records records;

  TasksTest(DatabaseKind kind) {
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

  private boolean begin(InstanceId id, TaskState task, VmState from) {
    return turn(id, task, from).isPresent();
  }

  private Optional<Tasks.Turn> turn(InstanceId id, TaskState task, VmState from) {
    return records.tasks.begin(id, task, List.of(from), asked(), "server-1", NOW);
  }

  private Optional<Tasks.Turn> delete(InstanceId id) {
    return records.tasks.beginDelete(id, asked(), "server-1", NOW);
  }

  private static Tasks.Asked asked() {
    return new Tasks.Asked(Records.request(), "stop", OWNER);
  }

  @Test
  void an_instance_is_read_as_it_was_written() {
    Instance instance = records.instance(VmState.ACTIVE);

    assertThat(records.now(instance.id())).isEqualTo(instance);
  }

  @Test
  void instances_made_at_once_get_numbers_of_their_own() throws Exception {
    List<Callable<Instance>> makers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      makers.add(() -> records.instance(VmState.ACTIVE));
    }
    Set<Long> numbers = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Instance> made : threads.invokeAll(makers)) {
        numbers.add(made.get().number());
      }
    }

    assertThat(numbers).hasSize(10);
  }

  @Test
  void an_instance_for_which_others_left_no_room_is_not_recorded() {
    Instance first = records.instance(VmState.ACTIVE);

    Optional<Instance> second =
        records.instances.add(
            number ->
                new Instance(
                    new InstanceId(java.util.UUID.randomUUID()),
                    number,
                    "too much",
                    OWNER,
                    Optional.of(HOST1),
                    Optional.empty(),
                    VmState.BUILDING,
                    TaskState.SPAWNING,
                    PowerState.NOSTATE,
                    first.flavor(),
                    "",
                    Optional.empty(),
                    java.util.Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    NOW,
                    NOW,
                    Optional.empty(),
                    Optional.empty()),
            new Resources(300, 100),
            Records.request(),
            "server-1");

    assertThat(second).isEmpty();
    assertThat(records.instances.living()).containsExactly(first);
  }

  @Test
  void a_living_instance_is_never_replaced_and_a_deleted_one_may_be() {
    Instance instance = records.instance(VmState.ACTIVE);
    Instance same = records.now(instance.id());

    assertThat(
            records.instances.add(
                number -> same, Resources.UNLIMITED, Records.request(), "server-1"))
        .isEmpty();

    records.tasks.deleted(delete(instance.id()).orElseThrow(), NOW);
    Instance again = records.instance(VmState.ACTIVE, instance.id());
    assertThat(records.now(instance.id())).isEqualTo(again);
  }

  @Test
  void a_task_begins_once_and_only_from_its_states() {
    Instance instance = records.instance(VmState.ACTIVE);

    assertThat(begin(instance.id(), TaskState.POWERING_ON, VmState.STOPPED)).isFalse();
    assertThat(begin(instance.id(), TaskState.POWERING_OFF, VmState.ACTIVE)).isTrue();
    assertThat(begin(instance.id(), TaskState.REBOOTING, VmState.ACTIVE)).isFalse();
    assertThat(records.actions.of(instance.id()))
        .extracting(Actions.Action::action)
        .containsExactlyInAnyOrder("create", "stop");
  }

  @Test
  void a_task_ends_only_while_it_is_that_one() {
    Instance instance = records.instance(VmState.ACTIVE);
    Tasks.Turn stop = turn(instance.id(), TaskState.POWERING_OFF, VmState.ACTIVE).orElseThrow();
    delete(instance.id());

    records.tasks.end(stop, VmState.STOPPED, PowerState.SHUTDOWN, NOW);
    records.tasks.fail(stop, true, new Instance.Fault(500, "late", NOW));
    records.tasks.deleted(stop, NOW);

    assertThat(records.now(instance.id()).taskState()).isEqualTo(TaskState.DELETING);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ACTIVE);
  }

  @Test
  void a_failed_task_keeps_the_state_unless_it_was_fatal() {
    Instance instance = records.instance(VmState.ACTIVE);
    Instance.Fault fault = new Instance.Fault(500, "no luck", NOW);
    Tasks.Turn stop = turn(instance.id(), TaskState.POWERING_OFF, VmState.ACTIVE).orElseThrow();

    records.tasks.fail(stop, false, fault);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ACTIVE);
    assertThat(records.now(instance.id()).fault()).contains(fault);

    Tasks.Turn spawn = turn(instance.id(), TaskState.SPAWNING, VmState.ACTIVE).orElseThrow();
    records.tasks.fail(spawn, true, fault);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ERROR);
  }

  @Test
  void a_delete_asks_an_uncommitted_move_to_go_back_and_survives_it() {
    Migration copying = records.transferring(records.leased());

    assertThat(delete(copying.instance())).isPresent();
    assertThat(delete(copying.instance())).isEmpty();

    assertThat(records.now(copying).wishes().abort()).isTrue();
    Migration back = records.after(copying, Records.rollBack(copying));
    while (!back.phase().over()) {
      assertThat(records.tasks.moving(copying.instance())).isTrue();
      back =
          records.after(
              back, Records.move(Life.next(back, Observation.of(new StepReply.Done()), NOW)));
    }
    assertThat(records.tasks.moving(copying.instance())).isFalse();
    assertThat(records.now(copying.instance()).taskState()).isEqualTo(TaskState.DELETING);
  }

  @Test
  void a_delete_survives_the_commit_and_then_names_the_destination() {
    Migration copying = records.transferring(records.leased());
    delete(copying.instance());

    records.after(copying, Records.commit(copying));

    assertThat(records.now(copying.instance()).taskState()).isEqualTo(TaskState.DELETING);
    assertThat(records.now(copying.instance()).host()).contains(HOST2);
    assertThat(records.tasks.arriving(copying.instance())).isTrue();
  }

  @Test
  void a_report_changes_an_idle_instance_on_its_own_host_only() {
    Instance instance = records.instance(VmState.ACTIVE);

    records.tasks.sync(instance.id(), HOST2, VmState.STOPPED, PowerState.SHUTDOWN, LATER);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ACTIVE);

    records.tasks.sync(instance.id(), HOST1, VmState.STOPPED, PowerState.SHUTDOWN, LATER);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.STOPPED);
  }

  @Test
  void a_report_that_may_be_older_than_the_last_change_is_not_believed() {
    Instance instance = records.instance(VmState.ACTIVE);
    Tasks.Turn stop = turn(instance.id(), TaskState.POWERING_OFF, VmState.ACTIVE).orElseThrow();
    records.tasks.end(stop, VmState.STOPPED, PowerState.SHUTDOWN, LATER);

    records.tasks.sync(
        instance.id(), HOST1, VmState.ACTIVE, PowerState.RUNNING, LATER.plusMillis(300));

    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.STOPPED);
  }

  @Test
  void a_clock_that_was_set_back_does_not_keep_reports_out() {
    Instance instance = records.instance(VmState.ACTIVE);

    records.tasks.sync(
        instance.id(),
        HOST1,
        VmState.STOPPED,
        PowerState.SHUTDOWN,
        LATER.minus(Duration.ofHours(2)));

    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.STOPPED);
  }

  @Test
  void a_guest_that_runs_is_not_left_in_error_and_one_that_does_not_stays_there() {
    Instance instance = records.instance(VmState.ERROR);

    records.tasks.sync(instance.id(), HOST1, VmState.STOPPED, PowerState.SHUTDOWN, LATER);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ERROR);

    records.tasks.sync(instance.id(), HOST1, VmState.ACTIVE, PowerState.RUNNING, LATER);
    assertThat(records.now(instance.id()).vmState()).isEqualTo(VmState.ACTIVE);
  }

  @Test
  void nothing_is_believed_of_an_instance_that_is_being_moved_or_worked_on() {
    Migration migration = records.leased();
    Instance busy = records.instance(VmState.ACTIVE);
    begin(busy.id(), TaskState.REBOOTING, VmState.ACTIVE);

    records.tasks.sync(migration.instance(), HOST1, VmState.PAUSED, PowerState.PAUSED, LATER);
    records.tasks.sync(busy.id(), HOST1, VmState.STOPPED, PowerState.SHUTDOWN, LATER);

    assertThat(records.now(migration.instance()).vmState()).isEqualTo(VmState.ACTIVE);
    assertThat(records.now(busy.id()).vmState()).isEqualTo(VmState.ACTIVE);
  }

  @Test
  void only_tasks_outside_migrations_are_found_to_be_taken_up() {
    records.leased();
    records.instance(VmState.ACTIVE);
    Instance busy = records.instance(VmState.ACTIVE);
    begin(busy.id(), TaskState.REBOOTING, VmState.ACTIVE);

    assertThat(records.instances.withTasks("server-1")).containsExactly(busy.id());
    assertThat(records.instances.withTasks("server-2")).isEmpty();
    assertThat(records.instances.withOrphanedTasks()).isEmpty();
  }

  @Test
  void a_task_of_a_server_that_lives_no_more_is_anothers_and_no_longer_its_own() {
    InstanceId id = records.instance(VmState.ACTIVE).id();
    Tasks.Turn old = turn(id, TaskState.POWERING_OFF, VmState.ACTIVE).orElseThrow();
    assertThat(records.tasks.lease(id, TaskState.POWERING_OFF, "server-2", NOW)).isEmpty();

    records.servers.leave("server-1");
    assertThat(records.instances.withOrphanedTasks()).containsExactly(id);
    assertThat(records.tasks.lease(id, TaskState.POWERING_OFF, "server-1", NOW)).isEmpty();
    Tasks.Turn now = records.tasks.lease(id, TaskState.POWERING_OFF, "server-2", NOW).orElseThrow();

    assertThat(now.number()).isGreaterThan(old.number());
    assertThat(records.tasks.current(old)).isFalse();
    records.tasks.end(old, VmState.STOPPED, PowerState.SHUTDOWN, LATER);
    records.tasks.fail(old, true, new Instance.Fault(500, "late", LATER));
    assertThat(records.now(id).taskState()).isEqualTo(TaskState.POWERING_OFF);
    records.tasks.end(now, VmState.STOPPED, PowerState.SHUTDOWN, LATER);
    assertThat(records.now(id).vmState()).isEqualTo(VmState.STOPPED);
  }

  @Test
  void turns_grow_whatever_the_clock_does() {
    InstanceId id = records.instance(VmState.ACTIVE).id();
    long last = 0;
    for (Instant now :
        List.of(NOW.plusSeconds(60), NOW, NOW.minusSeconds(60), NOW.plusSeconds(90))) {
      Tasks.Turn turn =
          records
              .tasks
              .begin(id, TaskState.REBOOTING, List.of(VmState.ACTIVE), asked(), "server-1", now)
              .orElseThrow();
      assertThat(turn.number()).isGreaterThan(last);
      last = turn.number();
      records.tasks.end(turn, VmState.ACTIVE, PowerState.RUNNING, now);
    }
  }

  @Test
  void the_use_of_hosts_counts_what_lives_there() {
    records.instance(VmState.ACTIVE);
    records.instance(VmState.STOPPED);
    records.instance(VmState.DELETED);

    assertThat(records.instances.usage())
        .isEqualTo(java.util.Map.of(HOST1, new Instances.Usage(2, 512, 2)));
    assertThat(records.instances.on(HOST1)).hasSize(2);
    assertThat(records.instances.on(HOST2)).isEmpty();
    assertThat(records.instances.all()).hasSize(3);
  }
}
