package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.VmState;
import dev.godwit.server.Machines;
import dev.godwit.server.PostgresqlForTests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers on one database, at the same moment: what one writer hides. */
final class RaceTest {
  private static final int ROUNDS = 12;

  private Records one;
  private Database two;

  @BeforeEach
  void open() {
    DatabaseAddress address = PostgresqlForTests.one().fresh();
    one = new Records(address);
    two = Database.open(address);
  }

  @AfterEach
  void close() {
    two.close();
    one.close();
  }

  /** All at once, as far as threads can. */
  @SafeVarargs
  private static <T> List<T> together(Callable<T>... work) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(work.length);
    List<Callable<T>> all = new ArrayList<>();
    for (Callable<T> each : work) {
      all.add(() -> {
        barrier.await();
        return each.call();
      });
    }
    List<T> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> answer : threads.invokeAll(all)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  @Test
  void the_last_room_of_a_host_is_one_servers() throws Exception {
    Migrations others = new Migrations(two, UUID::randomUUID);
    for (int i = 0; i < ROUNDS; i++) {
      Migration first = one.leased();
      Migration second = one.leased();
      Resources room = one.hosts.taken(Records.HOST2).minus(new Resources(-256, -1));
      Migrations.Meaning last =
          new Migrations.Meaning(Optional.empty(), room, List.of(), List.of());

      List<Moved> moved =
          together(
              () -> one.migrations.move(first.epoch(), Records.planned(first), last, Records.NOW),
              () -> others.move(second.epoch(), Records.planned(second), last, Records.NOW));

      assertThat(moved).containsExactlyInAnyOrder(Moved.DONE, Moved.NO_MEMORY);
    }
  }

  @Test
  void an_instance_is_accepted_for_one_move_whichever_server_is_asked() throws Exception {
    Migrations others = new Migrations(two, UUID::randomUUID);
    for (int i = 0; i < ROUNDS; i++) {
      InstanceId id = one.instance(VmState.ACTIVE).id();

      List<Boolean> accepted =
          together(
              () -> one.accept(id) instanceof Migrations.Acceptance.Accepted,
              () ->
                  others.accept(Records.asked(id), Records.NOW)
                      instanceof Migrations.Acceptance.Accepted);

      assertThat(accepted).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void numbers_are_given_once_and_in_order() throws Exception {
    Migrations others = new Migrations(two, UUID::randomUUID);
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      InstanceId first = one.instance(VmState.ACTIVE).id();
      InstanceId second = one.instance(VmState.ACTIVE).id();
      numbers.addAll(
          together(
              () -> number(one.accept(first)),
              () -> number(others.accept(Records.asked(second), Records.NOW))));
    }

    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(numbers.stream().max(Long::compare)).contains((long) numbers.size());
  }

  private static long number(Migrations.Acceptance acceptance) {
    if (acceptance instanceof Migrations.Acceptance.Accepted accepted) {
      return accepted.row().migration().number();
    }
    throw new AssertionError("not accepted: " + acceptance);
  }

  @Test
  void what_a_dead_server_owned_is_one_others() throws Exception {
    one.servers.join("server-3", "three");
    Migrations others = new Migrations(two, UUID::randomUUID);
    List<Migration> owned = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      owned.add(one.leased());
    }
    one.servers.leave("server-1");

    for (Migration migration : owned) {
      List<Optional<Migration>> taken =
          together(
              () -> one.migrations.lease(migration.id(), "server-2", Records.NOW),
              () -> others.lease(migration.id(), "server-3", Records.NOW));

      assertThat(taken.stream().filter(Optional::isPresent)).hasSize(1);
    }
  }

  @Test
  void a_new_instance_under_a_known_id_is_recorded_once() throws Exception {
    Instances others = new Instances(two);
    for (int i = 0; i < ROUNDS; i++) {
      InstanceId id = new InstanceId(UUID.randomUUID());
      List<Optional<Instance>> added =
          together(
              () -> one.add(VmState.ACTIVE, id, Records.ROOM),
              () ->
                  others.add(
                      number -> Records.made(VmState.ACTIVE, id, number),
                      Records.ROOM,
                      Records.request(),
                      "server-2"));
      assertThat(added.stream().filter(Optional::isPresent)).hasSize(1);
    }
  }

  @Test
  void of_two_machines_that_begin_under_one_name_one_is_taken_in() throws Exception {
    HostRows others = new HostRows(two, UUID::randomUUID);
    for (int i = 0; i < ROUNDS; i++) {
      HostName name = new HostName("new" + i);

      List<Optional<HostRow>> refusedFor =
          together(() -> announced(one.hosts, name, "a"), () -> announced(others, name, "b"));

      assertThat(refusedFor.stream().filter(Optional::isEmpty)).hasSize(1);
      String taken = one.hosts.find(name).orElseThrow().inventory().identity();
      assertThat(refusedFor.stream().flatMap(Optional::stream))
          .singleElement()
          .satisfies(row -> assertThat(row.inventory().identity()).isEqualTo(taken));
    }
  }

  @Test
  void of_two_machines_that_take_over_the_name_of_a_silent_one_at_once_one_gets_it()
      throws Exception {
    HostRows others = new HostRows(two, UUID::randomUUID);
    for (int i = 0; i < ROUNDS; i++) {
      HostName name = new HostName("old" + i);
      assertThat(announced(one.hosts, name, "silent")).isEmpty();
      HostRow silent = one.hosts.find(name).orElseThrow();

      List<Boolean> taken =
          together(() -> takesOver(one.hosts, silent, "a"), () -> takesOver(others, silent, "b"));

      assertThat(taken).containsExactlyInAnyOrder(true, false);
      assertThat(one.hosts.find(name).orElseThrow().inventory().identity())
          .isEqualTo(taken.getFirst() ? "a" : "b");
    }
  }

  /** As the fleet does: only while the row is the one that was found silent. */
  private static boolean takesOver(HostRows hosts, HostRow silent, String identity) {
    return hosts
        .announced(
            Machines.machine(silent.name(), identity, "192.0.2.1"),
            row -> !row.equals(silent),
            Records.NOW)
        .isEmpty();
  }

  private static Optional<HostRow> announced(HostRows hosts, HostName name, String identity) {
    return hosts.announced(
        Machines.machine(name, identity, "192.0.2.1"),
        row -> !row.inventory().identity().equals(identity),
        Records.NOW);
  }

  @Test
  void a_task_and_a_move_never_begin_both() throws Exception {
    Tasks others = new Tasks(two);
    for (int i = 0; i < ROUNDS; i++) {
      InstanceId id = one.instance(VmState.ACTIVE).id();
      List<Boolean> begun =
          together(
              () -> one.accept(id) instanceof Migrations.Acceptance.Accepted,
              () ->
                  others
                      .begin(
                          id,
                          dev.godwit.core.model.TaskState.POWERING_OFF,
                          List.of(VmState.ACTIVE),
                          new Tasks.Asked(Records.request(), "stop", Records.OWNER),
                          "server-2",
                          Records.NOW)
                      .isPresent());
      assertThat(begun).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void a_delete_finds_every_move_that_was_accepted_before_it() throws Exception {
    Tasks others = new Tasks(two);
    for (int i = 0; i < ROUNDS; i++) {
      InstanceId id = one.instance(VmState.ACTIVE).id();
      var _ =
          together(
              () -> one.accept(id) instanceof Migrations.Acceptance.Accepted,
              () ->
                  others
                      .beginDelete(
                          id,
                          new Tasks.Asked(Records.request(), "delete", Records.OWNER),
                          "server-2",
                          Records.NOW)
                      .isPresent());
      assertThat(one.migrations.of(id))
          .allSatisfy(row -> assertThat(row.migration().wishes().abort()).isTrue());
    }
  }
}
