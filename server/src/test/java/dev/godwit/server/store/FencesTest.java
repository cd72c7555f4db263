package dev.godwit.server.store;

import static dev.godwit.server.store.Records.HOST1;
import static dev.godwit.server.store.Records.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.TaskState;
import dev.godwit.server.DatabaseKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that are known dead, and what moves that ended owe until they are back. */
@ParameterizedClass(name = "{0}")
@EnumSource(DatabaseKind.class)
final class FencesTest {
  private static final Fence FENCE = new Fence("ada", NOW, Optional.of("its PDU says so"));
  private static final HostView DEAD = new HostView.Fenced("ada", NOW);

  private final DatabaseKind kind;
  @TempDir Path folder;
  private Records records;

  private static final Duration LATELY = Duration.ofSeconds(6);

  FencesTest(DatabaseKind kind) {
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
  void who_said_first_that_a_host_is_dead_stays_on_record() {
    assertThat(records.hosts.fence(HOST1, FENCE, NOW, LATELY)).isTrue();
    assertThat(
            records.hosts.fence(
                HOST1, new Fence("bob", NOW.plusSeconds(9), Optional.empty()), NOW, LATELY))
        .isTrue();

    assertThat(records.hosts.fenced()).isEqualTo(Map.of(HOST1, FENCE));
  }

  @Test
  void a_host_that_was_heard_meanwhile_is_not_fenced() {
    // Heard at the beginning of time, as far as the record knows.
    assertThat(records.hosts.fence(HOST1, FENCE, Instant.EPOCH.plusSeconds(1), LATELY)).isFalse();

    assertThat(records.hosts.fenced()).isEmpty();
  }

  @Test
  void a_move_that_ended_without_a_dead_host_keeps_what_it_owes_and_is_taken_up_again() {
    Migration ended = endedWithoutItsSource();

    assertThat(ended.phase()).isEqualTo(new Phase.Completed());
    assertThat(ended.owed())
        .containsExactly(new Owed(HOST1, "SOURCE_DEFINITION"), new Owed(HOST1, "SOURCE_FILES"));
    assertThat(records.migrations.underWay("server-1"))
        .singleElement()
        .satisfies(it -> assertThat(it.awaited()).containsExactly(HOST1));
    assertThat(records.migrations.lease(ended.id(), "server-1", NOW)).isPresent();
  }

  @Test
  void while_it_is_taken_up_again_the_move_stays_over_and_its_end_stays_its_end() {
    Migration ended = endedWithoutItsSource();
    MigrationRow before = records.migrations.find(ended.id()).orElseThrow();

    Migration again = records.after(ended, Records.move(Life.next(ended, sourceIsBack(), NOW)));

    MigrationRow row = records.migrations.find(ended.id()).orElseThrow();
    assertThat(again.phase()).isInstanceOf(Phase.Settling.class);
    assertThat(row.over()).isTrue();
    assertThat(row.endedAt()).isEqualTo(before.endedAt());
    Migration done = finished(again);
    assertThat(done.rests()).isTrue();
    assertThat(records.migrations.underWay("server-1")).isEmpty();
    assertThat(records.migrations.lease(done.id(), "server-1", NOW)).isEmpty();
  }

  @Test
  void its_second_end_does_not_free_the_instance_of_a_newer_move() {
    Migration copying = records.transferring(records.leased());
    Migration back = records.after(copying, Records.rollBack(copying));
    while (!back.phase().over()) {
      Observation seen = destinationDead(new StepReply.Unanswered("gone"));
      boolean atSource = back.phase() instanceof Phase.RollingBack(var step, _) && step.atSource();
      back =
          records.after(
              back,
              Records.move(
                  Life.next(back, atSource ? destinationDead(new StepReply.Done()) : seen, NOW)));
    }
    assertThat(records.now(back.instance()).taskState()).isEqualTo(TaskState.NONE);
    Migration newer = records.leased(back.instance());

    Migration again = records.after(back, Records.move(Life.next(back, destinationIsBack(), NOW)));
    Migration done = finished(again);

    assertThat(done.phase()).isInstanceOf(Phase.Cancelled.class);
    assertThat(records.now(newer.instance()).taskState()).isEqualTo(TaskState.MIGRATING);
    assertThat(records.now(newer).phase()).isEqualTo(new Phase.Accepted());
  }

  @Test
  void a_host_that_owes_is_named_and_a_move_from_it_waits() {
    Migration ended = endedWithoutItsSource();
    Migration newer = records.leased(ended.instance());

    assertThat(records.migrations.owing(newer.instance(), newer.id())).containsExactly(HOST1);
    // It comes from the other host, which owes nothing.
    assertThat(records.migrations.earlierSettling(newer)).isFalse();
    records.after(ended, Records.move(Life.next(ended, sourceIsBack(), NOW)));
    assertThat(records.migrations.earlierSettling(newer)).isTrue();
  }

  private Migration endedWithoutItsSource() {
    Migration copying = records.transferring(records.leased());
    Migration at = records.after(copying, Records.commit(copying));
    at =
        records.after(
            at, Records.move(Life.next(at, seen(HostView.NOT_LOOKED, new StepReply.Done()), NOW)));
    while (!at.phase().over()) {
      boolean atSource = at.phase() instanceof Phase.Settling(var step) && step.atSource();
      StepReply reply = atSource ? new StepReply.Unanswered("gone") : new StepReply.Done();
      at = records.after(at, Records.move(Life.next(at, seen(DEAD, reply), NOW)));
    }
    return at;
  }

  private Migration finished(Migration again) {
    Migration at = again;
    while (!at.phase().over()) {
      at =
          records.after(at, Records.move(Life.next(at, Observation.of(new StepReply.Done()), NOW)));
    }
    return at;
  }

  private static Observation sourceIsBack() {
    return seen(there(), StepReply.NONE);
  }

  private static Observation destinationIsBack() {
    return new Observation(
        HostView.NOT_LOOKED, there(), Duration.ZERO, Optional.empty(), StepReply.NONE, false);
  }

  private static HostView there() {
    return new HostView.Seen(
        NOW,
        new GuestView.Inactive(true, GuestView.End.UNKNOWN, false),
        new TransferRecord.NotStarted());
  }

  private static Observation seen(HostView source, StepReply reply) {
    return new Observation(
        source, HostView.NOT_LOOKED, Duration.ZERO, Optional.empty(), reply, false);
  }

  private static Observation destinationDead(StepReply reply) {
    return new Observation(
        HostView.NOT_LOOKED, DEAD, Duration.ZERO, Optional.empty(), reply, false);
  }
}
