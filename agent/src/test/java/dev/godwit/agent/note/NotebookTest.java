package dev.godwit.agent.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotebookTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
  @TempDir Path folder;

  private static final HostName HOST = new HostName("h1");

  private Notebook open() {
    return Notebook.open(folder, CLOCK);
  }

  private Path file() {
    return folder.resolve(MIGRATION + ".json");
  }

  /** A directory where the next note would be written: as a full disk, but for root too. */
  private void breakDisk() throws IOException {
    Files.createDirectory(folder.resolve(MIGRATION + ".new"));
  }

  private void mendDisk() throws IOException {
    Files.delete(folder.resolve(MIGRATION + ".new"));
  }

  @Test
  void what_was_noted_is_there_after_a_restart() {
    Note noted;
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.withEpoch(3).started(250));
      noted = book.change(MIGRATION, INSTANCE, note -> note.watched("s1").resumed());
    }
    try (Notebook again = open()) {
      assertThat(again.find(MIGRATION)).contains(noted);
      assertThat(noted.downtimeLimitMs()).isEqualTo(250);
      assertThat(noted.record()).isInstanceOf(TransferRecord.Started.class);
    }
  }

  @Test
  void an_epoch_only_grows() {
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.withEpoch(5));
      assertThat(book.change(MIGRATION, INSTANCE, note -> note.withEpoch(4)).epoch()).isEqualTo(5);
    }
  }

  @Test
  void what_another_migration_left_open_is_over_for_orders_of_any_epoch() {
    MigrationId next = new MigrationId(UUID.randomUUID());
    MigrationId called = new MigrationId(UUID.randomUUID());
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.withEpoch(5).started(0).ended("no route"));
      book.change(called, INSTANCE, note -> note.withEpoch(2).started(0));
      book.change(next, INSTANCE, note -> note.withEpoch(1));

      assertThat(book.supersede(INSTANCE, Optional.of(next))).containsExactly(MIGRATION.toString());

      assertThat(book.find(MIGRATION)).hasValueSatisfying(note -> assertThat(note.over()).isTrue());
      Order fence = new Order(MIGRATION, new Epoch(9), INSTANCE, HOST, new Act.FenceSource(false));
      long epoch = book.find(MIGRATION).orElseThrow().epoch();
      assertThat(Fencing.answer(epoch, epoch, fence))
          .as("a fence that nobody made must not pass for made")
          .hasValueSatisfying(answer -> assertThat(answer).isInstanceOf(StepReply.Refused.class));
      assertThat(book.open(INSTANCE))
          .extracting(Note::migration)
          .containsExactlyInAnyOrder(next.toString(), called.toString());
    }
  }

  @Test
  void a_note_that_cannot_be_written_is_not_changed() throws IOException {
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.withEpoch(1));
      breakDisk();
      assertThatThrownBy(() -> book.change(MIGRATION, INSTANCE, note -> note.started(0)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("Make room");
      assertThat(book.find(MIGRATION).orElseThrow().transfer())
          .isEqualTo(Note.Transfer.NOT_STARTED);
    }
  }

  @Test
  void what_was_seen_counts_although_the_disk_takes_nothing_and_is_written_later()
      throws IOException {
    try (Notebook book = open()) {
      Note note = book.change(MIGRATION, INSTANCE, before -> before.watched("s1"));
      breakDisk();
      Note seen = book.remember(note, Note::resumed);
      book.save(seen);
      assertThat(book.find(MIGRATION).orElseThrow().resumedSeen()).isTrue();
      mendDisk();
      book.change(MIGRATION, INSTANCE, before -> before.withEpoch(2));
    }
    try (Notebook again = open()) {
      assertThat(again.find(MIGRATION).orElseThrow().resumedSeen()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"migration\":\"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa\"}",
        "{\"migration\":\"x\",\"instance\":\"x\",\"epoch\":1,\"transfer\":\"STARTED\",\"attempts\":1,"
            + "\"error\":\"\",\"watched_by\":\"\",\"resumed_seen\":false,\"end\":\"UNKNOWN\",\"over\":false}"
      })
  void a_broken_note_stops_the_start_and_is_named(String text) throws IOException {
    Files.writeString(file(), text);
    assertThatThrownBy(this::open).hasMessageContaining(file().toString());
    assertThat(file()).hasContent(text);
  }

  @Test
  void a_note_of_an_agent_that_knew_of_no_fencing_yet_is_read() throws IOException {
    Files.writeString(
        file(),
        """
        {"migration":"%s","instance":"%s","epoch":3,"transfer":"ENDED","attempts":1,"error":"",
         "watched_by":"","resumed_seen":false,"end":"MIGRATED","closed_by":0,"downtime_limit_ms":0}
        """
            .formatted(MIGRATION, INSTANCE));
    try (Notebook book = open()) {
      Note read = book.find(MIGRATION).orElseThrow();
      assertThat(read.fencing()).isFalse();
      assertThat(read.end()).isEqualTo(GuestView.End.MIGRATED);
    }
  }

  @Test
  void a_note_under_another_migrations_name_stops_the_start() throws IOException {
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.withEpoch(1));
    }
    Files.move(file(), folder.resolve(UUID.randomUUID() + ".json"));
    assertThatThrownBy(this::open).hasMessageContaining("expected an agent's note");
  }

  @Test
  void a_note_that_was_never_finished_is_cleared_away() throws IOException {
    Files.writeString(folder.resolve(MIGRATION + ".new"), "{");
    try (Notebook book = open()) {
      assertThat(book.all()).isEmpty();
    }
    assertThat(folder.resolve(MIGRATION + ".new")).doesNotExist();
  }

  @Test
  void a_second_agent_on_the_same_notes_is_refused() {
    try (Notebook book = open()) {
      assertThat(book.all()).isEmpty();
      assertThatThrownBy(this::open).hasMessageContaining("another agent uses it");
    }
    open().close();
  }

  @Test
  void old_notes_go_once_their_migration_is_over_and_open_ones_never() throws IOException {
    MigrationId open = MigrationId.of("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb");
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.closed(1));
      book.change(open, INSTANCE, note -> note.started(0));
    }
    FileTime old = FileTime.from(CLOCK.instant().minus(Duration.ofDays(30)));
    Files.setLastModifiedTime(file(), old);
    Files.setLastModifiedTime(folder.resolve(open + ".json"), old);
    try (Notebook again = open()) {
      assertThat(again.find(MIGRATION)).isEmpty();
      assertThat(again.find(open)).isPresent();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void notes_of_migrations_that_are_over_are_bounded() {
    try (Notebook book = open()) {
      book.change(MIGRATION, INSTANCE, note -> note.closed(1));
      for (int i = 0; i < Notebook.MOST_CLOSED; i++) {
        book.change(UUID.randomUUID().toString(), INSTANCE.toString(), note -> note.closed(1));
      }
      assertThat(book.all()).hasSize(Notebook.MOST_CLOSED);
      assertThat(book.find(MIGRATION)).isEmpty();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void only_a_call_that_was_under_way_can_be_interrupted() {
    Note note = Note.first(MIGRATION.toString(), INSTANCE.toString());
    assertThat(note.started(0).interrupted().record()).isEqualTo(new TransferRecord.Interrupted(1));
    assertThat(note.started(0).ended("no").interrupted().record())
        .isEqualTo(new TransferRecord.Ended("no"));
    assertThat(note.endedBy(GuestView.End.CRASHED).end()).isEqualTo(GuestView.End.CRASHED);
  }

  @Test
  void nobody_heard_the_end_of_a_call_that_was_interrupted_and_is_given_up() {
    Note called = Note.first(MIGRATION.toString(), INSTANCE.toString()).started(0);

    Note unheard = called.interrupted().givenUp("aborted");

    assertThat(unheard.record()).isEqualTo(new TransferRecord.Ended("aborted"));
    assertThat(unheard.heardTheCall()).isFalse();
    assertThat(unheard.givenUp("aborted").heardTheCall()).isFalse();
    assertThat(called.ended("no route").heardTheCall()).isTrue();
    assertThat(Note.first(MIGRATION.toString(), INSTANCE.toString()).givenUp("aborted").record())
        .isEqualTo(new TransferRecord.Forbidden("aborted"));
  }

  @Test
  void a_guest_that_has_moved_away_ends_in_no_other_way_before_it_runs_here_again() {
    Note moved =
        Note.first(MIGRATION.toString(), INSTANCE.toString()).endedBy(GuestView.End.MIGRATED);
    assertThat(moved.endedBy(GuestView.End.SHUT_DOWN).end()).isEqualTo(GuestView.End.MIGRATED);
    assertThat(moved.endedBy(GuestView.End.UNKNOWN).endedBy(GuestView.End.SHUT_DOWN).end())
        .isEqualTo(GuestView.End.SHUT_DOWN);
  }

  @Test
  void only_a_guest_that_was_to_be_fenced_and_did_not_run_since_has_moved_when_it_is_destroyed() {
    Note note = Note.first(MIGRATION.toString(), INSTANCE.toString());
    assertThat(note.destroyed().end()).isEqualTo(GuestView.End.SHUT_DOWN);
    assertThat(note.fenced().destroyed().end()).isEqualTo(GuestView.End.MIGRATED);
    assertThat(note.fenced().endedBy(GuestView.End.SHUT_DOWN).destroyed().end())
        .as("QEMU's own word comes before libvirt's")
        .isEqualTo(GuestView.End.MIGRATED);
    assertThat(note.fenced().endedBy(GuestView.End.CRASHED).end()).isEqualTo(GuestView.End.CRASHED);
    assertThat(note.fenced().spared().destroyed().end()).isEqualTo(GuestView.End.SHUT_DOWN);
    assertThat(note.fenced().resumed().destroyed().end()).isEqualTo(GuestView.End.SHUT_DOWN);
    assertThat(note.fenced().endedBy(GuestView.End.UNKNOWN).destroyed().end())
        .as("of another run")
        .isEqualTo(GuestView.End.SHUT_DOWN);
  }
}
