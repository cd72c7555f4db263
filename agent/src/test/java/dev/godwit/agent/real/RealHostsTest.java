package dev.godwit.agent.real;

import static dev.godwit.agent.real.RealAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Await;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's service against two real libvirt daemons and QEMU; guests without disks. */
class RealHostsTest {
  private static final Act.PauseToComplete PAUSE = new Act.PauseToComplete();

  @TempDir static Path folder;
  private static Lab lab;
  private static RealAgent h1;
  private static RealAgent h2;
  private static Virsh virsh1;
  private static Virsh virsh2;

  private final InstanceId guest = new InstanceId(UUID.randomUUID());
  private final Move move = Move.of(guest);

  /** Another one, when the server has lost that one. */
  private final Move later = Move.of(guest);

  @BeforeAll
  static void up() {
    Path root = folder.resolve("lab");
    lab = Lab.at(root);
    lab.up(new LabOptions(2, false, false));
    virsh1 = new Virsh(lab.host("h1"));
    virsh2 = new Virsh(lab.host("h2"));
    h1 = new RealAgent(root, lab.host("h1"));
    h2 = new RealAgent(root, lab.host("h2"));
  }

  @AfterAll
  static void down() {
    h1.close();
    h2.close();
    lab.down();
  }

  @AfterEach
  void clear() {
    for (Virsh virsh : List.of(virsh1, virsh2)) {
      virsh.run(SOON, "destroy", guest.toString());
      virsh.run(SOON, "undefine", guest.toString());
    }
  }

  private static String state(Virsh virsh, InstanceId instance) {
    return virsh.run(SOON, "domstate", "--reason", instance.toString()).out().strip();
  }

  @Test
  void a_guest_is_created_switched_and_deleted_and_every_repeat_changes_nothing() {
    assertThat(h1.create(guest, false)).isEqualTo("done");
    String id = virsh1.must("domid", guest.toString());
    assertThat(h1.create(guest, false)).isEqualTo("done");
    assertThat(virsh1.must("domid", guest.toString())).isEqualTo(id);

    assertThat(h1.power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(h1.power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(state(virsh1, guest)).isEqualTo("paused (user)");
    assertThat(h1.power(guest, PowerAction.UNPAUSE)).isEqualTo("done");
    assertThat(state(virsh1, guest)).startsWith("running");

    assertThat(h1.power(guest, PowerAction.STOP)).isEqualTo("done");
    assertThat(h1.power(guest, PowerAction.STOP)).isEqualTo("done");
    assertThat(state(virsh1, guest)).startsWith("shut off");
    assertThat(h1.power(guest, PowerAction.START)).isEqualTo("done");
    assertThat(h1.power(guest, PowerAction.REBOOT_HARD)).isEqualTo("done");
    assertThat(state(virsh1, guest)).startsWith("running");

    assertThat(h1.delete(guest)).isEqualTo("done");
    assertThat(h1.delete(guest)).isEqualTo("done");
    assertThat(virsh1.must("list", "--all", "--uuid")).doesNotContain(guest.toString());
    assertThat(h1.power(guest, PowerAction.START)).isEqualTo("no-guest");
  }

  @Test
  void an_owners_wish_of_the_past_is_not_done_also_after_a_restart() {
    assertThat(h1.create(guest, false)).isEqualTo("done");
    long late = h1.nextTurn();
    assertThat(h1.power(guest, PowerAction.PAUSE)).isEqualTo("done");

    assertThat(h1.power(guest, late, PowerAction.UNPAUSE)).isEqualTo("stale-turn");
    h1.restart();
    assertThat(h1.power(guest, late, PowerAction.UNPAUSE)).isEqualTo("stale-turn");
    assertThat(state(virsh1, guest)).isEqualTo("paused (user)");
  }

  @Test
  void a_guest_that_somebody_moved_away_is_neither_started_nor_deleted_where_it_was() {
    assertThat(h1.create(guest, true)).isEqualTo("done");
    virsh1.must(
        "migrate",
        "--live",
        "--p2p",
        "--persistent",
        guest.toString(),
        "qemu+tcp://%s/system".formatted(lab.host("h2").address()));
    assertThat(state(virsh1, guest)).isEqualTo("shut off (migrated)");

    assertThat(h1.power(guest, PowerAction.START)).isEqualTo("guest-moved");
    assertThat(h1.power(guest, PowerAction.REBOOT_HARD)).isEqualTo("guest-moved");
    assertThat(h1.delete(guest)).isEqualTo("guest-moved");
    assertThat(state(virsh1, guest)).isEqualTo("shut off (migrated)");
    assertThat(state(virsh2, guest)).startsWith("running");
  }

  @Test
  void a_creation_that_was_interrupted_before_the_definition_is_finished() {
    assertThat(h1.create(guest, false)).isEqualTo("done");
    String id = virsh1.must("domid", guest.toString());
    // What a crash between the start and the definition leaves.
    virsh1.must("undefine", guest.toString());
    assertThat(virsh1.must("dominfo", guest.toString())).containsPattern("Persistent: +no");
    assertThat(h1.create(guest, false)).isEqualTo("done");
    assertThat(virsh1.must("dominfo", guest.toString())).containsPattern("Persistent: +yes");
    assertThat(virsh1.must("domid", guest.toString())).isEqualTo(id);
  }

  @Test
  void a_transient_guest_is_not_adopted() {
    h1.create(guest, false);
    virsh1.must("undefine", guest.toString());
    assertThat(h1.adopt(guest).getRefusal().getCode()).isEqualTo("transient-guest");
  }

  @Test
  void a_guest_moves_and_leaves_nothing_behind() {
    Queue<AgentEvent> news = new ConcurrentLinkedQueue<>();
    h2.news().watch(WatchRequest.getDefaultInstance(), into(news));
    Await.until("the watch to be heard", SOON, () -> !news.isEmpty());
    assertThat(h1.create(guest, false)).isEqualTo("done");
    h2.prepare(move);
    assertThat(h1.order(move, new Act.DisarmAutostart())).isEqualTo("done");
    Act.StartTransfer start = new Act.StartTransfer(move.plan(HandOver.FAST, 0));
    assertThat(h1.order(move, start)).isEqualTo("done");
    Await.until(
        "the guest at the destination",
        SOON,
        () ->
            h2.active(move)
                .filter(seen -> seen.state() == RunState.RUNNING && seen.job() == JobView.NONE)
                .isPresent());
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("done");
    assertThat(h1.inactive(move)).isPresent();
    Await.until(
        "the news of the arrival",
        SOON,
        () ->
            news.stream()
                .anyMatch(event ->
                    event.getSeen().getMigration().equals(move.id().toString())
                        && event.getSeen().getView().getActive().getState().equals("RUNNING")
                        && event.getSeen().getView().getActive().getJob().equals("NONE")));
    assertThat(h2.order(move, new Act.RunAtDestination(false, true))).isEqualTo("done");
    assertThat(h1.order(move, new Act.ClearSourceDefinition())).isEqualTo("done");
    assertThat(h1.order(move, new Act.ClearSourceFiles(List.of()))).isEqualTo("done");
    assertThat(h2.order(move, new Act.OwnDestinationFiles(List.of()))).isEqualTo("done");
    assertThat(h1.order(move, start)).isEqualTo("migration-over");
    Await.until(
        "the source's record",
        SOON,
        () -> h1.transfer(move).filter(it -> it.equals(new TransferRecord.Ended(""))).isPresent());
    assertThat(virsh1.must("list", "--all", "--uuid")).doesNotContain(guest.toString());
    assertThat(virsh2.must("dominfo", guest.toString()))
        .containsPattern("Persistent: +yes")
        .containsPattern("Autostart: +enable");
  }

  private static StreamObserver<AgentEvent> into(Queue<AgentEvent> news) {
    return new StreamObserver<>() {
      @Override
      public void onNext(AgentEvent event) {
        news.add(event);
      }

      @Override
      public void onError(Throwable ended) {}

      @Override
      public void onCompleted() {}
    };
  }

  /** Moved by a strict hand-over up to where the guest waits at the destination. */
  private void arrivePaused() {
    h1.create(guest, false);
    h2.prepare(move);
    h1.order(move, new Act.StartTransfer(move.plan(HandOver.STRICT, 0)));
    Await.until(
        "the paused guest at the destination",
        SOON,
        () ->
            h2.active(move)
                .filter(seen ->
                    seen.state() == RunState.PAUSED
                        && seen.reason() == StateReason.USER
                        && seen.job() == JobView.NONE)
                .isPresent());
  }

  @Test
  void a_strict_hand_over_waits_paused_and_no_owner_can_start_it_early() {
    arrivePaused();
    assertThat(h2.power(guest, PowerAction.UNPAUSE)).isEqualTo("guest-busy");
    assertThat(h2.delete(guest)).isEqualTo("guest-busy");
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("done");
    assertThat(h2.order(move, new Act.RunAtDestination(true, false))).isEqualTo("done");
    Await.until("its Resumed", SOON, () -> h2.active(move).orElseThrow().resumedSeen());
    assertThat(h2.power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(h2.order(move, new Act.RunAtDestination(true, false))).isEqualTo("done");
    assertThat(state(virsh2, guest)).isEqualTo("paused (user)");
  }

  /** A copy that takes long: there is something in the guest's memory, and little bandwidth. */
  private void copySlowly() {
    h1.create(guest, true);
    Await.until("the guest's kernel in its memory", SOON, () -> cpuTime() > 4_000_000_000L);
    h2.prepare(move);
    assertThat(h1.order(move, new Act.StartTransfer(move.plan(HandOver.FAST, 1))))
        .isEqualTo("done");
    Await.until(
        "the copy",
        SOON,
        () ->
            h1.active(move).filter(seen -> seen.job() == JobView.OUTGOING).isPresent()
                && h2.active(move).filter(seen -> seen.job() == JobView.INCOMING).isPresent());
  }

  private long cpuTime() {
    return virsh1
        .must("domstats", "--cpu-total", guest.toString())
        .lines()
        .filter(line -> line.strip().startsWith("cpu.time="))
        .mapToLong(line -> Long.parseLong(line.strip().substring("cpu.time=".length())))
        .findFirst()
        .orElse(0);
  }

  private void awaitRolledBack() {
    Await.until(
        "the end of the copy",
        SOON,
        () ->
            h1.transfer(move).filter(TransferRecord.Ended.class::isInstance).isPresent()
                && h1.active(move).filter(seen -> seen.job() == JobView.NONE).isPresent()
                && h2.inactive(move).isPresent());
    assertThat(h2.inactive(move).map(GuestView.Inactive::mayHaveRun)).contains(false);
    assertThat(h2.order(move, new Act.ClearDestinationDomain())).isEqualTo("done");
    assertThat(h2.order(move, new Act.ClearDestinationFiles(List.of()))).isEqualTo("done");
    assertThat(h1.order(move, new Act.RestoreSource(false, true))).isEqualTo("done");
    assertThat(state(virsh1, guest)).startsWith("running");
    assertThat(virsh2.must("list", "--all", "--uuid")).doesNotContain(guest.toString());
  }

  @Test
  void a_copy_survives_its_agent_refuses_its_owner_and_is_aborted_by_the_next_agent() {
    copySlowly();
    for (PowerAction action : PowerAction.values()) {
      assertThat(h1.power(guest, action)).as(action.name()).isEqualTo("guest-busy");
      assertThat(h2.power(guest, action)).as(action.name()).isEqualTo("guest-busy");
    }
    assertThat(h1.delete(guest)).isEqualTo("guest-busy");
    assertThat(h2.delete(guest)).isEqualTo("guest-busy");
    h1.restart();
    assertThat(h1.active(move).map(GuestView.Active::job)).contains(JobView.OUTGOING);
    assertThat(h1.transfer(move)).contains(new TransferRecord.Started());
    assertThat(h1.order(move, new Act.AbortTransfer())).isEqualTo("done");
    assertThat(h1.order(move, new Act.AbortTransfer())).isEqualTo("done");
    awaitRolledBack();
  }

  @Test
  void a_pause_that_was_to_complete_the_copy_is_lifted_when_it_goes_back() {
    copySlowly();
    assertThat(h1.order(move, PAUSE)).isEqualTo("done");
    assertThat(h1.active(move).map(GuestView.Active::state)).contains(RunState.PAUSED);
    assertThat(h1.order(move, new Act.AbortTransfer())).isEqualTo("done");
    awaitRolledBack();
    assertThat(h1.order(move, PAUSE)).isEqualTo("done");
    assertThat(state(virsh1, guest)).startsWith("running");
  }

  @Test
  void the_death_of_the_sources_libvirtd_ends_the_copy_and_not_the_guest() {
    copySlowly();
    lab.kill("h1", "libvirtd");
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("daemon-silent");
    lab.start("h1", "libvirtd");
    awaitRolledBack();
  }

  @Test
  void a_running_source_is_never_fenced_and_a_paused_one_is_destroyed() {
    h1.create(guest, false);
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("source-runs");
    assertThat(state(virsh1, guest)).startsWith("running");
    assertThat(h1.order(move, new Act.SuspendStray())).isEqualTo("done");
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("done");
    assertThat(h1.order(move, new Act.FenceSource())).isEqualTo("done");
    assertThat(state(virsh1, guest)).isEqualTo("shut off (destroyed)");
  }

  /** Refused by plan and preparation alike. */
  private void assertRefused(Move which) {
    assertThat(h2.inTheWay(h1, which)).isPresent();
    Await.until(
        "the refusal",
        SOON,
        () -> h2.order(which, new Act.PrepareDirectories(List.of())).equals("domain-in-the-way"));
    assertThat(h2.order(which, new Act.ClearDestinationDomain())).isEqualTo("done");
    assertThat(h2.order(which, new Act.ClearDestinationFiles(List.of()))).isEqualTo("done");
  }

  private String definition() {
    return virsh2.must("dumpxml", "--inactive", "--security-info", guest.toString());
  }

  @Test
  void a_foreign_definition_in_the_way_is_refused_and_outlives_the_roll_back() {
    h1.create(guest, false);
    virsh2.must("define", foreign().toString());
    virsh2.must("autostart", guest.toString());
    String before = definition();

    assertRefused(move);

    assertThat(definition()).isEqualTo(before);
    assertThat(virsh2.must("dominfo", guest.toString())).containsPattern("Autostart: +enable");
  }

  @Test
  void a_foreign_guest_in_the_way_is_refused_and_goes_on() {
    h1.create(guest, false);
    for (List<String> start : List.of(List.of("start"), List.of("start", "--paused"))) {
      virsh2.must("define", foreign().toString());
      virsh2.must(with(start, guest.toString()));
      String before = definition();
      String id = virsh2.must("domid", guest.toString());
      String state = state(virsh2, guest);

      assertRefused(Move.of(guest));

      assertThat(virsh2.must("domid", guest.toString())).isEqualTo(id);
      assertThat(state(virsh2, guest)).isEqualTo(state);
      assertThat(definition()).isEqualTo(before);
      virsh2.must("destroy", guest.toString());
    }
  }

  private static String[] with(List<String> words, String last) {
    return Stream.concat(words.stream(), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  void a_definition_that_a_dead_migration_left_is_cleared_by_the_next_one() {
    h1.create(guest, false);
    h2.prepare(move);
    // As libvirt leaves one when its daemon dies before it starts the guest.
    virsh2.must("define", foreign().toString());

    assertThat(h2.inTheWay(h1, later)).isEmpty();
    assertThat(h2.order(later, new Act.PrepareDirectories(List.of()))).isEqualTo("done");

    assertThat(virsh2.must("list", "--all", "--uuid")).doesNotContain(guest.toString());
    assertThat(state(virsh1, guest)).startsWith("running");
  }

  @Test
  void a_definition_whose_guest_may_have_run_unseen_is_left_alone() {
    h1.create(guest, false);
    h2.prepare(move);
    virsh2.must("define", foreign().toString());
    String before = definition();
    h2.restart();

    assertRefused(later);

    assertThat(definition()).isEqualTo(before);
  }

  @Test
  void a_guest_that_somebody_started_where_a_dead_migration_was_prepared_is_left_alone() {
    h1.create(guest, false);
    h2.prepare(move);
    for (List<String> start : List.of(List.of("start", "--paused"), List.of("start"))) {
      virsh2.must("define", foreign().toString());
      virsh2.must(with(start, guest.toString()));
      String id = virsh2.must("domid", guest.toString());
      String state = state(virsh2, guest);

      assertRefused(Move.of(guest));

      assertThat(virsh2.must("domid", guest.toString())).isEqualTo(id);
      assertThat(state(virsh2, guest)).isEqualTo(state);
      virsh2.must("destroy", guest.toString());
    }
  }

  @Test
  void an_arrival_of_an_earlier_migration_is_left_alone_and_what_it_left_is_cleared_afterwards() {
    copySlowly();
    String id = virsh2.must("domid", guest.toString());

    assertRefused(later);

    assertThat(virsh2.must("domid", guest.toString())).isEqualTo(id);
    assertThat(h2.active(move).map(GuestView.Active::job)).contains(JobView.INCOMING);
    assertThat(h1.order(move, new Act.AbortTransfer())).isEqualTo("done");
    Await.until("libvirt to end it", SOON, () -> h2.inactive(move).isPresent());
    Move next = Move.of(guest);
    assertThat(h2.inTheWay(h1, next)).isEmpty();
    assertThat(h2.order(next, new Act.PrepareDirectories(List.of()))).isEqualTo("done");
    assertThat(h2.order(move, new Act.PrepareDirectories(List.of())))
        .as("an order of the migration that was given up")
        .isEqualTo("stale-epoch");
  }

  @Test
  void a_guest_that_waits_for_its_hand_over_is_not_taken_for_left() {
    arrivePaused();
    String id = virsh2.must("domid", guest.toString());

    Await.until(
        "the refusal",
        SOON,
        () -> h2.order(later, new Act.PrepareDirectories(List.of())).equals("domain-in-the-way"));

    assertThat(virsh2.must("domid", guest.toString())).isEqualTo(id);
    assertThat(state(virsh2, guest)).isEqualTo("paused (user)");
  }

  private Path foreign() {
    Path file = folder.resolve(guest + ".xml");
    dev.godwit.lab.host.LabFolder.write(
        file,
        """
        <domain type='qemu'><name>theirs</name><uuid>%s</uuid><memory unit='MiB'>32</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <devices><memballoon model='none'/></devices></domain>
        """
            .formatted(guest));
    return file;
  }
}
