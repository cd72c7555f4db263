package dev.godwit.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.Machines;
import dev.godwit.server.Sql;
import dev.godwit.server.TestClock;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.Fence;
import dev.godwit.server.store.HostRows;
import dev.godwit.server.store.Unreadable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One name, one machine. */
final class FleetTest {
  private static final HostName HOST = new HostName("host1");
  private static final Duration SILENT = Fleet.HEARD_WITHIN.plusSeconds(60);

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private Path file;
  private Database database;
  private Fleet fleet;

  @BeforeEach
  void open() {
    file = folder.resolve("godwit.db");
    database = Database.open(new DatabaseAddress.Sqlite(file));
    fleet = new Fleet(new HostRows(database, UUID::randomUUID), AllocationRatios.DEFAULT, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static HostInventory machine(String identity, String address) {
    return Machines.machine(HOST, identity, address);
  }

  private String recorded() {
    return fleet.find(HOST).orElseThrow().row().inventory().identity();
  }

  private void recordMigration(String source, String destination, int over) {
    Sql.run(
        file,
        """
        INSERT INTO migrations (number, id, instance_id, source, source_node, destination, user_id,
          project_id, request, request_id, phase, checks, why, alarm, wants_abort,
          wants_completion, epoch, owner, committed, over, accepted_at, phase_since,
          updated_at)
        VALUES (1, 'm', 'i', '%s', 'n', '%s', 'u', 'p', '{}', 'r', '{}', '[]', '', 0, 0, 0, 1, '',
          0, %d, 0, 0, 0)
        """
            .formatted(source, destination, over));
  }

  @Test
  void a_machine_that_is_known_may_change_its_address() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    assertThat(fleet.announced(machine("a", "192.0.2.2"))).isEmpty();
    assertThat(fleet.find(HOST).orElseThrow().row().inventory().address()).isEqualTo("192.0.2.2");
  }

  @Test
  void another_machine_under_the_name_of_one_that_is_up_is_refused_with_both() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();

    Refusal refusal = fleet.announced(machine("b", "192.0.2.2")).orElseThrow();

    assertThat(refusal.code()).isEqualTo("host-name-taken");
    assertThat(refusal.sentence())
        .contains("machine a at 192.0.2.1:1")
        .contains("machine b at 192.0.2.2:1")
        .contains("agent.host");
    assertThat(recorded()).isEqualTo("a");
  }

  @Test
  void what_is_refused_does_not_keep_the_silent_machine_up() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    recordMigration(HOST.value(), "host2", 0);
    clock.forward(SILENT);
    assertThat(fleet.announced(machine("b", "192.0.2.2"))).isPresent();
    assertThat(fleet.find(HOST).orElseThrow().up()).isFalse();
  }

  @Test
  void a_host_whose_row_cannot_be_read_hides_no_other_and_is_not_taken_for_absent() {
    HostInventory other = Machines.machine(new HostName("host2"), "m2", "192.0.2.2");
    assertThat(fleet.announced(machine("m1", "192.0.2.1"))).isEmpty();
    assertThat(fleet.announced(other)).isEmpty();
    Sql.run(
        file,
        "UPDATE hosts SET inventory = json_insert(inventory, '$.invented_later', 1) WHERE name = 'host1'");

    assertThat(fleet.members()).extracting(Fleet.Member::name).containsExactly(other.host());
    assertThatThrownBy(() -> fleet.find(HOST))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("host host1 cannot be read")
        .hasMessageContaining("start that version again");

    Fleet next =
        new Fleet(new HostRows(database, UUID::randomUUID), AllocationRatios.DEFAULT, clock);
    assertThat(next.announced(other)).isEmpty();
    assertThat(next.mayJudgeAll()).as("host1 was not heard").isFalse();
  }

  @Test
  void a_clock_that_was_set_back_keeps_no_dead_host_up_and_no_fence_away() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    clock.forward(SILENT.multipliedBy(-10));
    assertThat(fleet.find(HOST).orElseThrow().up()).isFalse();
    assertThat(fleet.fence(HOST, new Fence("alice", clock.instant(), Optional.empty()))).isTrue();
  }

  @Test
  void a_new_machine_takes_the_name_of_a_silent_one_that_holds_nothing() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    recordMigration(HOST.value(), "host2", 1);
    clock.forward(SILENT);
    assertThat(fleet.announced(machine("b", "192.0.2.2"))).isEmpty();
    assertThat(recorded()).isEqualTo("b");
  }

  @Test
  void a_new_machine_does_not_take_the_name_of_one_that_a_migration_concerns() {
    for (String other : List.of("source", "destination")) {
      Sql.run(file, "DELETE FROM migrations", "DELETE FROM hosts");
      assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
      recordMigration(
          other.equals("source") ? HOST.value() : "host2",
          other.equals("source") ? "host2" : HOST.value(),
          0);
      clock.forward(SILENT);
      Optional<Refusal> refusal = fleet.announced(machine("b", "192.0.2.2"));
      assertThat(refusal.map(Refusal::code)).as(other).contains("host-replaced");
      assertThat(recorded()).isEqualTo("a");
    }
  }

  @Test
  void a_new_machine_does_not_take_the_name_of_one_that_has_guests() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    Sql.run(
        file,
        """
        INSERT INTO instances (id, number, name, project_id, user_id, host, vm_state, task_state,
          task_owner, task_turn, power_state, memory_mib, vcpus, flavor, image_id, metadata, created_at, updated_at)
        VALUES ('i', 1, 'vm', 'p', 'u', 'host1', 'ACTIVE', 'NONE', '', 0, 'RUNNING', 1, 1, '{}', '', '{}',
          0, 0)
        """);
    clock.forward(SILENT);
    assertThat(fleet.announced(machine("b", "192.0.2.2")).orElseThrow().sentence())
        .contains("host-replaced")
        .contains("guests or migrations are recorded there")
        .contains("identity");
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
  }

  @Test
  void a_host_recorded_before_agents_told_their_machine_takes_the_first_that_comes() {
    assertThat(fleet.announced(machine("a", "192.0.2.1"))).isEmpty();
    Sql.run(file, "UPDATE hosts SET inventory = json_remove(inventory, '$.identity')");
    assertThat(recorded()).isEmpty();
    assertThat(fleet.announced(machine("b", "192.0.2.1"))).isEmpty();
    assertThat(recorded()).isEqualTo("b");
  }
}
