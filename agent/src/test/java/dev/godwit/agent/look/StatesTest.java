package dev.godwit.agent.look;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.StateReason;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatesTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;

  /** How a guest ended that is off for this reason, as the next agent reads it. */
  private GuestView.End end(StateReason reason, UnaryOperator<Note> noted) {
    MigrationId migration = new MigrationId(UUID.randomUUID());
    try (Notebook book = Notebook.open(folder, CLOCK)) {
      book.change(migration, new InstanceId(UUID.randomUUID()), noted);
    }
    try (Notebook again = Notebook.open(folder, CLOCK)) {
      return States.end(
          new DomainStateReason(DomainState.SHUTOFF, reason, 0),
          again.find(migration).orElseThrow());
    }
  }

  @Test
  void a_source_that_was_destroyed_after_its_fence_was_noted_has_moved() {
    assertThat(end(StateReason.SHUTOFF_DESTROYED, note -> note.withEpoch(1).fenced()))
        .isEqualTo(GuestView.End.MIGRATED);
    assertThat(
            end(
                StateReason.SHUTOFF_DESTROYED,
                note -> note.withEpoch(1).fenced().endedBy(GuestView.End.SHUT_DOWN)))
        .as("the agent still heard of QEMU's end")
        .isEqualTo(GuestView.End.MIGRATED);
  }

  @Test
  void a_source_whose_end_libvirt_forgot_has_moved_when_its_fence_was_noted() {
    for (StateReason forgotten :
        List.of(StateReason.SHUTOFF_UNSPECIFIED, StateReason.SHUTOFF_DAEMON)) {
      assertThat(end(forgotten, note -> note.withEpoch(1).fenced()))
          .isEqualTo(GuestView.End.MIGRATED);
      assertThat(end(forgotten, note -> note.withEpoch(1))).isEqualTo(GuestView.End.UNKNOWN);
    }
  }

  @Test
  void one_that_was_seen_to_run_or_to_end_since_its_fence_was_noted_has_not_moved_for_that() {
    assertThat(end(StateReason.SHUTOFF_UNSPECIFIED, note -> note.withEpoch(1).fenced().spared()))
        .isEqualTo(GuestView.End.UNKNOWN);
    assertThat(end(StateReason.SHUTOFF_UNSPECIFIED, note -> note.withEpoch(1).fenced().resumed()))
        .isEqualTo(GuestView.End.UNKNOWN);
    assertThat(
            end(
                StateReason.SHUTOFF_UNSPECIFIED,
                note -> note.withEpoch(1).fenced().endedBy(GuestView.End.CRASHED)))
        .isEqualTo(GuestView.End.CRASHED);
    assertThat(end(StateReason.SHUTOFF_FAILED, note -> note.withEpoch(1).fenced()))
        .as("somebody tried to start it")
        .isEqualTo(GuestView.End.UNKNOWN);
  }

  @Test
  void what_ended_in_any_other_way_ended_by_itself() {
    assertThat(end(StateReason.SHUTOFF_DESTROYED, note -> note.withEpoch(1)))
        .isEqualTo(GuestView.End.SHUT_DOWN);
    assertThat(end(StateReason.SHUTOFF_SHUTDOWN, note -> note.withEpoch(1).fenced()))
        .isEqualTo(GuestView.End.SHUT_DOWN);
    assertThat(end(StateReason.SHUTOFF_CRASHED, note -> note.withEpoch(1).fenced()))
        .isEqualTo(GuestView.End.CRASHED);
    assertThat(end(StateReason.SHUTOFF_DESTROYED, note -> note.withEpoch(1).fenced().spared()))
        .isEqualTo(GuestView.End.SHUT_DOWN);
  }
}
