package dev.godwit.agent.look;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import dev.godwit.lab.host.Await;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What events leave behind, with real ones of libvirt's test driver. */
class WitnessTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final InstanceId instance = new InstanceId(UUID.randomUUID());
  private final MigrationId migration = MigrationId.of(UUID.randomUUID().toString());
  private static final Tempo TEMPO = new MachineTempo();

  private final Daemon daemon = new Daemon("test:///default", Connection::open, TEMPO);
  private final HostEvents events = new HostEvents(daemon, TEMPO, UUID::randomUUID);
  private final Connection connection = Connection.open(ConnectionOptions.to("test:///default"));

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    events.start();
    Await.until("the event session", SOON, () -> !events.session().isEmpty());
  }

  private Look look(Notebook book) {
    return new Look(daemon, events, book, new QuietGuests(TEMPO), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    Domain domain = connection.domain(instance.value());
    if (domain.exists() && domain.isActive()) {
      domain.destroy();
    }
    if (domain.exists()) {
      domain.undefine();
    }
    connection.close();
    events.close();
    daemon.close();
  }

  private Domain start() {
    Domain domain =
        connection.define(
            "<domain type='test'><name>%1$s</name><uuid>%1$s</uuid><memory>1024</memory><os><type>hvm</type></os></domain>"
                .formatted(instance));
    domain.start();
    return domain;
  }

  private Note prepared(Notebook book) {
    events.listen(new Witness(book, look(book), new Silence(), TEMPO)::saw);
    return book.change(migration, instance, note -> note.watched(events.session()));
  }

  @Test
  void a_run_that_was_seen_is_remembered_over_a_restart() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      prepared(book);
      Domain domain = start();
      domain.suspend();
      assertThat(book.find(migration).orElseThrow().resumedSeen()).isFalse();
      domain.resume();
      Await.until("Resumed", SOON, () -> book.find(migration).orElseThrow().resumedSeen());
      domain.destroy();
      Await.until(
          "Stopped",
          SOON,
          () -> book.find(migration).orElseThrow().end() == GuestView.End.SHUT_DOWN);
      Await.until("the note on disk", SOON, () -> text().contains("SHUT_DOWN"));
    }
    try (Notebook again = Notebook.open(folder, Clock.systemUTC())) {
      assertThat(again.find(migration).orElseThrow().resumedSeen()).isTrue();
    }
  }

  private GuestView.End end(Notebook book, LifecycleDetail how) {
    new Witness(book, look(book), new Silence(), TEMPO)
        .saw(
            new DomainEvent.Lifecycle(
                instance.value(), instance.toString(), how.event(), how, how.code(), 0));
    return book.find(migration).orElseThrow().end();
  }

  @Test
  void a_qemu_that_its_host_ended_when_it_was_to_be_fenced_was_fenced() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      book.change(migration, instance, note -> note.withEpoch(1).fenced());
      assertThat(end(book, LifecycleDetail.SHUTDOWN_HOST)).isEqualTo(GuestView.End.MIGRATED);
    }
  }

  @Test
  void one_that_ends_by_itself_or_was_not_to_be_fenced_was_shut_down() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      book.change(migration, instance, note -> note.withEpoch(1));
      assertThat(end(book, LifecycleDetail.SHUTDOWN_HOST)).isEqualTo(GuestView.End.SHUT_DOWN);
      book.change(migration, instance, Note::fenced);
      assertThat(end(book, LifecycleDetail.SHUTDOWN_GUEST)).isEqualTo(GuestView.End.SHUT_DOWN);
    }
  }

  private String text() {
    try {
      return Files.readString(folder.resolve(migration + ".json"));
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void a_run_counts_as_seen_although_the_disk_is_full() throws IOException {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      prepared(book);
      Files.createDirectory(folder.resolve(migration + ".new"));
      Domain domain = start();
      domain.suspend();
      domain.resume();
      Await.until("Resumed", SOON, () -> book.find(migration).orElseThrow().resumedSeen());
    }
  }

  @Test
  void a_migration_that_is_over_is_not_changed_by_what_happens_later() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      prepared(book);
      book.change(migration, instance, note -> note.closed(1));
      MigrationId later = MigrationId.of(UUID.randomUUID().toString());
      book.change(later, instance, note -> note.watched(events.session()));
      Domain domain = start();
      domain.suspend();
      domain.resume();
      Await.until("Resumed", SOON, () -> book.find(later).orElseThrow().resumedSeen());
      assertThat(book.find(migration).orElseThrow().resumedSeen()).isFalse();
    }
  }

  @Test
  void a_run_that_was_noted_after_a_look_was_begun_is_not_overlooked() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      Note before = prepared(book);
      book.change(migration, instance, Note::resumed);

      assertThat(look(book).at(before))
          .isInstanceOfSatisfying(
              HostView.Seen.class,
              seen ->
                  assertThat(seen.guest())
                      .isEqualTo(new GuestView.Inactive(false, GuestView.End.UNKNOWN, true)));
    }
  }

  @Test
  void a_guest_that_was_never_defined_here_never_ran() {
    try (Notebook book = Notebook.open(folder, Clock.systemUTC())) {
      Note note = prepared(book);
      assertThat(look(book).at(note))
          .isInstanceOfSatisfying(
              HostView.Seen.class,
              seen ->
                  assertThat(seen.guest())
                      .isEqualTo(new GuestView.Inactive(false, GuestView.End.UNKNOWN, false)));
    }
  }

  @Test
  void silence_is_unknown_and_never_absence() {
    Notebook book = Notebook.open(folder, Clock.systemUTC());
    Note note = book.change(migration, instance, before -> before.watched("s1"));
    Daemon nobody =
        new Daemon("qemu:///system?socket=" + folder.resolve("none"), Connection::open, TEMPO);
    Look blind = new Look(nobody, events, book, new QuietGuests(TEMPO), Clock.systemUTC());
    assertThat(blind.at(note)).isInstanceOf(HostView.Unknown.class);
    nobody.close();
    assertThat(blind.at(note)).isInstanceOf(HostView.Unknown.class);
    book.close();
  }
}
