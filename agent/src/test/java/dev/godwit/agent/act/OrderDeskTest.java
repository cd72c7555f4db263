package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.agent.Turns;
import dev.godwit.agent.file.HostPrograms;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.MovedFiles;
import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.file.OpenFiles;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.host.IncomingStreams;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.agent.host.QuietGuests;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.look.Silence;
import dev.godwit.agent.look.Witness;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.DomainState;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fence, on libvirt's test driver, which has no guest of ours. */
class OrderDeskTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final HostName HOST = new HostName("h1");
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");

  /** A guest that libvirt's test driver always has, running. */
  private static final InstanceId TEST_DRIVERS_OWN =
      InstanceId.of("6695eb01-f6a4-8304-79aa-97f2502e193f");

  private static final StepReply DONE = new StepReply.Done();

  private static final Tempo TEMPO = new MachineTempo();
  private static final FileSystem SYSTEM = FileSystems.getDefault();

  @TempDir Path folder;

  /** An agent's desk, from its start to its end. */
  private static final class Desk implements AutoCloseable {
    private final AtomicInteger opened = new AtomicInteger();
    private final Daemon daemon =
        new Daemon(
            "test:///default",
            options -> {
              opened.incrementAndGet();
              return Connection.open(options);
            },
            TEMPO);
    private final HostEvents events = new HostEvents(daemon, TEMPO, UUID::randomUUID);
    private final Notebook notebook;
    private final Transfers transfers;
    private final OrderDesk orders;

    Desk(Path folder, boolean plainTextPermitted) {
      notebook = Notebook.open(folder, CLOCK);
      Look look = new Look(daemon, events, notebook, new QuietGuests(TEMPO), CLOCK);
      Silence reports = new Silence();
      transfers =
          new Transfers(
              daemon,
              notebook,
              new Witness(notebook, look, reports, TEMPO),
              new Progress(daemon, reports, CLOCK, TEMPO),
              new Transport(plainTextPermitted, new QemuCertificates(folder, CLOCK)),
              TEMPO);
      OpenFiles open = new OpenFiles(Path.of("/proc"), Path.of("/sys"));
      MovingFiles files = new MovingFiles(SYSTEM, new ImageTool(new HostPrograms()), open);
      SourceClearing left =
          new SourceClearing(
              daemon, look, new MovedFiles(SYSTEM, open), new Listing(daemon, SYSTEM));
      orders =
          new OrderDesk(
              HOST,
              Rules.PRODUCTION,
              notebook,
              look,
              new SourceActs(
                  daemon,
                  look,
                  transfers,
                  new PostCopyRecovery(
                      daemon,
                      look,
                      transfers,
                      new LinkTrial(Duration.ofSeconds(2), LinkTrial::dial),
                      TEMPO),
                  new SourceFence(daemon, notebook, look, TEMPO),
                  left),
              new DestinationActs(
                  daemon,
                  events,
                  notebook,
                  look,
                  files,
                  new DestinationClearing(daemon, notebook, look, files, left),
                  new IncomingStreams(SYSTEM, (process, descriptor) -> {})),
              new Turns(TEMPO));
    }

    StepReply order(long epoch, Act act) {
      return orders.execute(new Order(MIGRATION, new Epoch(epoch), INSTANCE, HOST, act));
    }

    StepReply order(InstanceId instance, Act act) {
      return orders.execute(new Order(MIGRATION, new Epoch(1), instance, HOST, act));
    }

    DomainState stateOf(InstanceId instance) {
      return daemon.ask(
          Daemon.Use.LIST, connection -> connection.domain(instance.value()).state().state());
    }

    TransferRecord record() {
      HostView view = orders.observe(MIGRATION, INSTANCE, new Epoch(0));
      return view instanceof HostView.Seen(var _, GuestView _, TransferRecord transfer)
          ? transfer
          : new TransferRecord.NotStarted();
    }

    @Override
    public void close() {
      transfers.close();
      daemon.close();
      notebook.close();
    }
  }

  private Desk desk() {
    return new Desk(folder, true);
  }

  private static TransferPlan plan(boolean tls) {
    return new TransferPlan(
        new HostName("h2"),
        "qemu+tcp://h2/system",
        "tcp://10.0.0.2",
        HandOver.FAST,
        List.of(),
        tls,
        false,
        false,
        false,
        false,
        false,
        1,
        0,
        300);
  }

  private static String code(StepReply reply) {
    return reply instanceof StepReply.Refused(var reason) ? reason.code() : reply.toString();
  }

  @Test
  void a_look_without_an_epoch_at_a_migration_that_is_new_here_is_not_noted() {
    try (Desk desk = desk()) {
      assertThat(desk.record()).isInstanceOf(TransferRecord.NotStarted.class);
      assertThat(desk.notebook.find(MIGRATION)).isEmpty();
    }
  }

  @Test
  void a_look_at_such_a_migration_leaves_the_looks_at_the_guests_other_move_alone() {
    MigrationId unknown = new MigrationId(UUID.randomUUID());
    try (Desk desk = desk()) {
      desk.orders.observe(MIGRATION, INSTANCE, new Epoch(1));
      int opened = desk.opened.get();

      desk.orders.observe(unknown, INSTANCE, new Epoch(0));
      desk.orders.observe(MIGRATION, INSTANCE, new Epoch(1));

      assertThat(desk.opened).hasValue(opened);
    }
  }

  @Test
  void an_older_epoch_is_refused_after_a_restart_too() {
    try (Desk desk = desk()) {
      assertThat(desk.order(4, new Act.ClearDestinationDomain())).isEqualTo(DONE);
      assertThat(code(desk.order(3, new Act.ClearDestinationDomain()))).isEqualTo("stale-epoch");
      assertThat(desk.order(4, new Act.ClearDestinationDomain())).isEqualTo(DONE);
    }
    try (Desk desk = desk()) {
      assertThat(code(desk.order(3, new Act.ClearDestinationDomain()))).isEqualTo("stale-epoch");
      assertThat(desk.order(5, new Act.ClearDestinationDomain())).isEqualTo(DONE);
    }
  }

  @Test
  void a_look_raises_the_epoch_as_an_order_does() {
    try (Desk desk = desk()) {
      desk.orders.observe(MIGRATION, INSTANCE, new Epoch(7));
      assertThat(code(desk.order(6, new Act.StartTransfer(plan(false))))).isEqualTo("stale-epoch");
      assertThat(desk.record()).isInstanceOf(TransferRecord.NotStarted.class);
    }
  }

  @Test
  void an_order_for_another_host_or_another_guest_is_refused() {
    try (Desk desk = desk()) {
      Order elsewhere =
          new Order(
              MIGRATION,
              new Epoch(1),
              INSTANCE,
              new HostName("h2"),
              new Act.ClearDestinationDomain());
      assertThat(code(desk.orders.execute(elsewhere))).isEqualTo("wrong-host");
      desk.order(1, new Act.ClearDestinationDomain());
      InstanceId another = InstanceId.of("22222222-2222-4222-8222-222222222222");
      assertThatThrownBy(() -> desk.orders.observe(MIGRATION, another, new Epoch(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(INSTANCE.toString());
    }
  }

  @Test
  void an_order_whose_epoch_cannot_be_written_down_is_not_carried_out() throws IOException {
    try (Desk desk = desk()) {
      Path blocked = Files.createDirectory(folder.resolve(MIGRATION + ".new"));
      assertThat(code(desk.order(1, new Act.AbortTransfer()))).isEqualTo("agent-disk");
      assertThat(desk.notebook.find(MIGRATION)).isEmpty();
      Files.delete(blocked);
      assertThat(desk.order(1, new Act.AbortTransfer())).isEqualTo(DONE);
    }
  }

  @Test
  void a_copy_that_was_aborted_before_it_began_never_begins() {
    try (Desk desk = desk()) {
      assertThat(desk.order(1, new Act.AbortTransfer())).isEqualTo(DONE);
      assertThat(desk.order(1, new Act.AbortTransfer())).isEqualTo(DONE);
      assertThat(desk.order(1, new Act.StartTransfer(plan(false)))).isEqualTo(DONE);
      assertThat(desk.record()).isEqualTo(new TransferRecord.Forbidden("aborted before it began"));
    }
  }

  @Test
  void a_transport_that_the_source_does_not_permit_ends_the_move_before_it_begins() {
    try (Desk desk = new Desk(folder, false)) {
      assertThat(code(desk.order(1, new Act.StartTransfer(plan(false))))).isEqualTo("transport");
      assertThat(desk.record()).isInstanceOf(TransferRecord.Forbidden.class);
    }
  }

  @Test
  void tls_that_the_source_has_no_certificates_for_ends_the_move_before_it_begins() {
    try (Desk desk = desk()) {
      assertThat(code(desk.order(1, new Act.StartTransfer(plan(true))))).isEqualTo("transport");
      assertThat(desk.record()).isInstanceOf(TransferRecord.Forbidden.class);
    }
  }

  @Test
  void after_the_last_order_for_this_host_nothing_begins_any_more() {
    try (Desk desk = desk()) {
      assertThat(desk.order(1, new Act.ClearSourceFiles(List.of()))).isEqualTo(DONE);
      assertThat(code(desk.order(1, new Act.StartTransfer(plan(false)))))
          .isEqualTo("migration-over");
      assertThat(desk.order(1, new Act.ClearSourceFiles(List.of()))).isEqualTo(DONE);
    }
    try (Desk desk = desk()) {
      assertThat(code(desk.order(1, new Act.StartTransfer(plan(false)))))
          .isEqualTo("migration-over");
    }
  }

  @Test
  void an_order_that_comes_after_the_end_touches_no_guest_that_came_here_since() {
    try (Desk desk = desk()) {
      assertThat(desk.order(TEST_DRIVERS_OWN, new Act.ClearSourceFiles(List.of()))).isEqualTo(DONE);

      assertThat(desk.order(TEST_DRIVERS_OWN, new Act.SuspendStray())).isEqualTo(DONE);
      assertThat(desk.order(TEST_DRIVERS_OWN, new Act.FenceSource(false))).isEqualTo(DONE);

      assertThat(desk.stateOf(TEST_DRIVERS_OWN)).isEqualTo(DomainState.RUNNING);
    }
  }

  @Test
  void a_call_that_was_under_way_when_the_agent_died_is_found_interrupted() {
    try (Desk desk = desk()) {
      desk.notebook.change(MIGRATION, INSTANCE, note -> note.started(0));
    }
    try (Desk desk = desk()) {
      desk.transfers.reattach();
      dev.godwit.lab.host.Await.until(
          "the restarted agent's finding",
          Duration.ofSeconds(30),
          () -> desk.record().equals(new TransferRecord.Interrupted(1)));
    }
  }

  @Test
  void nobody_heard_the_end_of_an_interrupted_call_that_is_given_up() {
    try (Desk desk = desk()) {
      desk.notebook.change(MIGRATION, INSTANCE, note -> note.started(0).interrupted());
      assertThat(desk.order(1, new Act.AbortTransfer())).isEqualTo(DONE);
      assertThat(desk.notebook.find(MIGRATION).orElseThrow().heardTheCall()).isFalse();
    }
    try (Desk desk = new Desk(folder, false)) {
      desk.notebook.change(MIGRATION, INSTANCE, note -> note.started(0).interrupted());
      assertThat(code(desk.order(1, new Act.StartTransfer(plan(false))))).isEqualTo("transport");
      assertThat(desk.notebook.find(MIGRATION).orElseThrow().heardTheCall()).isFalse();
    }
  }

  @Test
  void moves_that_an_earlier_agent_began_count_among_those_that_a_host_makes_at_once() {
    try (Desk desk = desk()) {
      for (int i = 0; i < Transfers.MOST_AT_ONCE; i++) {
        desk.notebook.change(
            new MigrationId(UUID.randomUUID()),
            new InstanceId(UUID.randomUUID()),
            note -> note.started(0));
      }
    }
    try (Desk desk = desk()) {
      assertThat(code(desk.order(TEST_DRIVERS_OWN, new Act.StartTransfer(plan(false)))))
          .isEqualTo(Refusals.TOO_MANY_MOVES);
    }
  }

  @Test
  void a_destination_is_prepared_only_while_its_events_are_listened_to() {
    try (Desk desk = desk()) {
      assertThat(code(desk.order(1, new Act.PrepareDirectories(List.of()))))
          .isEqualTo("daemon-silent");
      assertThat(desk.notebook.find(MIGRATION).orElseThrow().prepared()).isFalse();
    }
  }
}
