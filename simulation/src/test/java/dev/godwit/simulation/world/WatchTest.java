package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Rules;
import java.nio.file.Files;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A judge that finds nothing wrong in what is wrong would be no judge. */
class WatchTest {
  private static final UUID GUEST = new UUID(0, 1);

  private final World world =
      new World(
          new Scenario(1, 1, Optional.empty(), false, List.of(), List.of(), List.of()),
          Rules.PRODUCTION);
  private final Ledger ledger = new Ledger(world.database());
  private final Watch watch = new Watch(world, ledger, new Promises(world, ledger));

  @BeforeEach
  void a_guest_runs_on_the_first_host_and_moves() throws Exception {
    steps(Duration.ofSeconds(1));
    // The record is written here, and by nobody else.
    world.servers().forEach(server -> server.process().kill());
    write(
        """
        INSERT INTO instances (id, number, name, project_id, user_id, host, node, vm_state, task_state,
          task_owner, task_turn, power_state, memory_mib, vcpus, flavor, image_id, metadata, created_at, updated_at)
        VALUES ('%s', 1, 'guest', 'p', 'u', 'h1', 'h1', 'ACTIVE', 'MIGRATING', '', 0, 'RUNNING', 1, 1, '1', 'i', '{}', 0, 0)
        """
            .formatted(GUEST));
    write(
        """
        INSERT INTO migrations (number, id, instance_id, source, source_node, destination, destination_node, user_id,
          project_id, request, request_id, phase, checks, why, alarm, wants_abort, wants_completion, epoch, owner,
          committed, over, accepted_at, phase_since, updated_at)
        VALUES (1, '%s', '%s', 'h1', 'h1', 'h2', 'h2', 'u', 'p', '{}', 'r', 'PLANNED', '[]', '', 0, 0, 0, 1, 's', 0, 0, 0, 0, 0)
        """
            .formatted(new UUID(0, 2), GUEST));
    watch.look();
    world.truth().runs("h1", GUEST, false, false);
    assertThat(world.truth().broken()).isEmpty();
  }

  @AfterEach
  void the_world_ends() {
    world.close();
  }

  private void write(String sql) throws Exception {
    try (PreparedStatement statement = world.database().look(sql.strip())) {
      statement.execute();
    }
  }

  private void record(String change) throws Exception {
    write(change);
    watch.look();
  }

  private void steps(Duration length) {
    long end = world.timeline().nanos() + length.toNanos();
    while (world.timeline().nanos() < end) {
      assertThat(world.timeline().step()).isTrue();
    }
  }

  @Test
  void a_guest_that_runs_is_never_in_error_not_even_for_a_moment() throws Exception {
    record("UPDATE instances SET vm_state = 'ERROR'");
    record("UPDATE instances SET vm_state = 'ACTIVE'");
    assertThat(world.truth().broken()).containsExactly("a guest that runs is recorded as ERROR");
  }

  @Test
  void no_record_names_a_host_to_which_the_guest_never_came() throws Exception {
    record("UPDATE instances SET host = 'h2'");
    assertThat(world.truth().broken())
        .containsExactly("recorded on h2, where it never ran, and there is no process");
  }

  @Test
  void where_it_ran_in_this_move_it_may_be_recorded_whatever_became_of_it_since() throws Exception {
    world.truth().pauses("h1", GUEST);
    world.truth().runs("h2", GUEST, true, false);
    world.truth().ends("h2", GUEST, "SHUTOFF_CRASHED", false);
    record("UPDATE instances SET host = 'h2'");
    assertThat(world.truth().broken()).isEmpty();
  }

  @Test
  void where_it_ran_in_an_earlier_move_it_may_not() throws Exception {
    world.truth().runs("h2", GUEST, true, false);
    world.truth().ends("h2", GUEST, "SHUTOFF_CRASHED", false);
    record("UPDATE migrations SET phase = 'ACCEPTED'");
    record("UPDATE migrations SET phase = 'PLANNED'");
    record("UPDATE instances SET host = 'h2'");
    assertThat(world.truth().broken()).isNotEmpty();
  }

  @Test
  void a_move_that_is_over_has_left_nothing() throws Exception {
    var folder = world.node("h2").directory().resolve(GUEST.toString());
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("disk"), "half a copy");
    record("UPDATE migrations SET rests = 1");
    assertThat(world.truth().broken())
        .anyMatch(it -> it.startsWith("a move is over, and left on h2"));
  }

  @Test
  void a_split_ends_soon_once_nothing_is_broken() {
    world.truth().runs("h2", GUEST, true, false);
    watch.splits(false);
    steps(Duration.ofMinutes(1));
    watch.splits(true);
    steps(Duration.ofSeconds(8));
    watch.splits(true);
    assertThat(world.truth().broken()).isEmpty();

    steps(Duration.ofSeconds(20));
    watch.splits(true);
    assertThat(world.truth().broken())
        .containsExactly("it runs twice, and nobody ends that although nothing is broken");
  }
}
