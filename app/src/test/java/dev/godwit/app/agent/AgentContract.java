package dev.godwit.app.agent;

import static dev.godwit.app.agent.AgentCalls.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.lab.host.Await;
import dev.godwit.libvirt.CreateFlag;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.DomainXmlFlag;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import dev.godwit.wire.proto.AgentEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a server, and whoever looks on from beside it, may rely on at any agent. Each driver passes
 * it; where the simulated one does not, the simulation is wrong.
 */
abstract class AgentContract {
  private static final Act.PauseToComplete PAUSE = new Act.PauseToComplete();
  private static final long MIB = 1L << 20;

  final InstanceId guest = new InstanceId(UUID.randomUUID());
  final Move move = Move.of(guest);

  /** Another one, when the server has lost that one. */
  private final Move later = Move.of(guest);

  /** Where guests are made. */
  abstract HostUnderTest h1();

  /** Where they go. */
  abstract HostUnderTest h2();

  /** A guest with a kernel has something in its memory then. */
  abstract void awaitMemory(InstanceId guest);

  @AfterEach
  void clear() {
    for (HostUnderTest host : List.of(h1(), h2())) {
      domain(host, domain -> quietly(domain::destroy));
      domain(host, domain -> quietly(domain::undefine));
    }
    h1().remove(directory());
  }

  private static boolean quietly(Runnable work) {
    try {
      work.run();
      return true;
    } catch (LibvirtException e) {
      return false;
    }
  }

  // Looking on from beside the agent.

  private <T> T domain(HostUnderTest host, Function<Domain, T> work) {
    return host.libvirt(connection -> work.apply(connection.domain(guest.value())));
  }

  private String state(HostUnderTest host) {
    DomainStateReason state = domain(host, Domain::state);
    return state.state() + " " + state.reason();
  }

  /** Of the run and of the definition. */
  private String xml(HostUnderTest host) {
    return domain(host, it -> it.xml() + it.xml(DomainXmlFlag.INACTIVE));
  }

  /** One call, for libvirt takes a source's definition away by itself while we look. */
  private boolean runs(HostUnderTest host) {
    try {
      return domain(host, Domain::state).state() == DomainState.RUNNING;
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return false;
      }
      throw e;
    }
  }

  private boolean exists(HostUnderTest host) {
    return domain(host, Domain::exists);
  }

  private OptionalInt id(HostUnderTest host) {
    return domain(host, Domain::id);
  }

  private String definition(HostUnderTest host) {
    return domain(host, domain -> domain.xml(DomainXmlFlag.INACTIVE, DomainXmlFlag.SECURE));
  }

  private void defineTheirs(HostUnderTest host) {
    host.libvirt(connection ->
        connection.define(
            """
            <domain type='qemu'><name>theirs</name><uuid>%s</uuid><memory unit='MiB'>32</memory>
            <os><type arch='x86_64' machine='pc'>hvm</type></os>
            <devices><memballoon model='none'/></devices></domain>
            """
                .formatted(guest)));
  }

  private void startTheirs(HostUnderTest host, CreateFlag... how) {
    domain(
        host,
        domain -> {
          domain.start(how);
          return true;
        });
  }

  private String directory() {
    return h1().sharedDirectory() + "/" + guest;
  }

  private String disk() {
    return directory() + "/vda.qcow2";
  }

  private DiskMove moved(DiskMove.Mode mode) {
    return new DiskMove("vda", disk(), DiskFormat.QCOW2, 16 * MIB, Optional.empty(), true, mode);
  }

  private static final DiskSpec SHARED_DISK =
      new DiskSpec("vda", DirectoryKind.SHARED, DiskFormat.QCOW2, 16 * MIB, Optional.empty());

  // Owners' wishes.

  @Test
  void a_guest_is_created_switched_and_deleted_and_every_repeat_changes_nothing() {
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    OptionalInt id = id(h1());
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    assertThat(id(h1())).isEqualTo(id);

    assertThat(h1().agent().power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(h1().agent().power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(state(h1())).isEqualTo("PAUSED PAUSED_USER");
    assertThat(h1().agent().power(guest, PowerAction.UNPAUSE)).isEqualTo("done");
    assertThat(runs(h1())).isTrue();

    assertThat(h1().agent().power(guest, PowerAction.STOP)).isEqualTo("done");
    assertThat(h1().agent().power(guest, PowerAction.STOP)).isEqualTo("done");
    assertThat(state(h1())).startsWith("SHUTOFF");
    assertThat(h1().agent().power(guest, PowerAction.START)).isEqualTo("done");
    assertThat(h1().agent().power(guest, PowerAction.REBOOT_HARD)).isEqualTo("done");
    assertThat(runs(h1())).isTrue();

    assertThat(h1().agent().delete(guest)).isEqualTo("done");
    assertThat(h1().agent().delete(guest)).isEqualTo("done");
    assertThat(exists(h1())).isFalse();
    assertThat(h1().agent().power(guest, PowerAction.START)).isEqualTo("no-guest");
  }

  @Test
  void an_owners_wish_of_the_past_is_not_done_also_after_a_restart() {
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    long late = AgentCalls.nextTurn();
    assertThat(h1().agent().power(guest, PowerAction.PAUSE)).isEqualTo("done");

    assertThat(h1().agent().power(guest, late, PowerAction.UNPAUSE)).isEqualTo("stale-turn");
    h1().restartAgent();
    assertThat(h1().agent().power(guest, late, PowerAction.UNPAUSE)).isEqualTo("stale-turn");
    assertThat(state(h1())).isEqualTo("PAUSED PAUSED_USER");
  }

  @Test
  void a_guest_that_somebody_moved_away_is_neither_started_nor_deleted_where_it_was() {
    assertThat(h1().agent().create(guest, true)).isEqualTo("done");
    domain(
        h1(),
        domain -> {
          domain
              .job()
              .migrate(
                  MigrateParameters.to(h2().libvirtUri())
                      .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER, MigrateFlag.PERSIST_DEST)
                      .build(),
                  SOON);
          return true;
        });
    assertThat(state(h1())).isEqualTo("SHUTOFF SHUTOFF_MIGRATED");

    assertThat(h1().agent().power(guest, PowerAction.START)).isEqualTo("guest-moved");
    assertThat(h1().agent().power(guest, PowerAction.REBOOT_HARD)).isEqualTo("guest-moved");
    assertThat(h1().agent().delete(guest)).isEqualTo("guest-moved");
    assertThat(state(h1())).isEqualTo("SHUTOFF SHUTOFF_MIGRATED");
    assertThat(runs(h2())).isTrue();
  }

  @Test
  void a_guests_disk_is_made_marked_kept_by_a_repeat_and_removed_with_the_guest() {
    assertThat(h1().agent().create(guest, false, SHARED_DISK)).isEqualTo("done");
    assertThat(h1().exists(disk())).isTrue();
    assertThat(h1().agent().create(guest, false, SHARED_DISK)).isEqualTo("done");
    assertThat(h1().agent().describe(guest).getGuest().getDisksList())
        .singleElement()
        .satisfies(disk -> {
          assertThat(disk.getPath()).isEqualTo(disk());
          assertThat(disk.getVirtualSizeBytes()).isEqualTo(16 * MIB);
        });
    assertThat(h1().agent().delete(guest)).isEqualTo("done");
    assertThat(h1().exists(directory())).isFalse();
  }

  @Test
  void a_creation_that_was_interrupted_before_the_definition_is_finished() {
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    OptionalInt id = id(h1());
    // What a crash between the start and the definition leaves.
    domain(h1(), domain -> quietly(domain::undefine));
    assertThat(domain(h1(), Domain::isPersistent)).isFalse();
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    assertThat(domain(h1(), Domain::isPersistent)).isTrue();
    assertThat(id(h1())).isEqualTo(id);
  }

  @Test
  void what_is_here_is_listed_with_its_size_its_power_and_whose_it_is() {
    h1().agent().create(guest, false);
    assertThat(listed())
        .satisfies(it -> {
          assertThat(it.memoryMib()).isEqualTo(32);
          assertThat(it.vcpus()).isEqualTo(1);
          assertThat(it.powerState()).isEqualTo(PowerState.RUNNING);
        });
    h1().agent().power(guest, PowerAction.STOP);
    assertThat(listed().powerState()).isEqualTo(PowerState.SHUTDOWN);
  }

  private GuestListing listed() {
    return h1().agent().list().stream()
        .filter(it -> it.id().equals(guest))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_guest_that_somebody_made_is_adopted_as_it_runs_and_only_then_ours() {
    defineTheirs(h1());
    startTheirs(h1());
    OptionalInt id = id(h1());
    assertThat(h1().agent().create(guest, false)).isEqualTo("domain-in-the-way");
    assertThat(listed().ours()).isFalse();
    assertThat(h1().agent().adopt(guest).getGuest().getName()).isEqualTo("theirs");
    assertThat(h1().agent().adopt(guest).hasGuest()).isTrue();
    assertThat(listed().ours()).isTrue();
    assertThat(id(h1())).isEqualTo(id);
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void an_adoption_ends_what_a_migration_whose_record_was_lost_left_open() {
    h1().agent().create(guest, false);
    assertThat(h1().agent().order(move, new Act.DisarmAutostart())).isEqualTo("done");
    assertThat(h1().agent().adopt(guest).hasGuest()).isTrue();
    assertThat(h1().agent().order(move, new Act.DisarmAutostart())).isEqualTo("stale-epoch");
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void a_transient_guest_is_not_adopted() {
    h1().agent().create(guest, false);
    domain(h1(), domain -> quietly(domain::undefine));
    assertThat(h1().agent().adopt(guest).getRefusal().getCode()).isEqualTo("transient-guest");
  }

  // A move that goes well.

  private void start(HandOver handOver, long bandwidthMib, DiskMove... disks) {
    Act order = new Act.StartTransfer(move.plan(h2(), handOver, bandwidthMib, List.of(disks)));
    assertThat(h1().agent().order(move, order)).isEqualTo("done");
    assertThat(h1().agent().order(move, order)).isEqualTo("done");
  }

  private void awaitArrival() {
    Await.until(
        "the guest at the destination",
        SOON,
        () ->
            h2().agent()
                .active(move)
                .filter(seen -> seen.state() == RunState.RUNNING && seen.job() == JobView.NONE)
                .isPresent());
  }

  /** Each act and its repeat. */
  private void twice(HostUnderTest host, Act act) {
    assertThat(host.agent().order(move, act)).as(act.toString()).isEqualTo("done");
    assertThat(host.agent().order(move, act)).as(act + " again").isEqualTo("done");
  }

  @Test
  void a_guest_moves_and_leaves_nothing_behind() {
    Queue<AgentEvent> news = h2().agent().news();
    assertThat(h1().agent().create(guest, false)).isEqualTo("done");
    domain(
        h1(),
        domain -> {
          domain.setAutostart(true);
          return true;
        });
    h2().agent().prepare(move);
    twice(h2(), new Act.PrepareDirectories(List.of()));
    twice(h2(), new Act.PrepareDisks(List.of()));
    twice(h1(), new Act.DisarmAutostart());
    assertThat(domain(h1(), Domain::autostart)).isFalse();
    start(HandOver.FAST, 0);
    awaitArrival();
    twice(h1(), new Act.FenceSource(false));
    assertThat(h1().agent().inactive(move)).isPresent();
    Await.until("the news of the arrival", SOON, () -> news.stream().anyMatch(this::arrived));
    twice(h2(), new Act.RunAtDestination(false, true));
    twice(h1(), new Act.ClearSourceDefinition());
    assertThat(h1().agent().order(move, new Act.ClearSourceFiles(List.of()))).isEqualTo("done");
    assertThat(xml(h2())).contains("godwit.dev/ns/migration");
    assertThat(h2().agent().order(move, new Act.OwnDestinationFiles(List.of()))).isEqualTo("done");
    assertThat(xml(h2())).doesNotContain("godwit.dev/ns/migration").contains("ns/instance");
    assertThat(
            h1().agent()
                .order(move, new Act.StartTransfer(move.plan(h2(), HandOver.FAST, 0, List.of()))))
        .isEqualTo("migration-over");
    Await.until(
        "the source's record",
        SOON,
        () ->
            h1().agent()
                .transfer(move)
                .filter(it -> it.equals(new TransferRecord.Ended("")))
                .isPresent());
    assertThat(exists(h1())).isFalse();
    assertThat(domain(h2(), Domain::isPersistent)).isTrue();
    assertThat(domain(h2(), Domain::autostart)).isTrue();
  }

  private boolean arrived(AgentEvent event) {
    return event.getSeen().getMigration().equals(move.id().toString())
        && event.getSeen().getView().getActive().getState().equals("RUNNING")
        && event.getSeen().getView().getActive().getJob().equals("NONE");
  }

  @Test
  void a_guest_on_a_shared_disk_moves_and_the_disk_stays_where_it_is() {
    DiskMove disk = moved(DiskMove.Mode.SHARED);
    assertThat(h1().agent().create(guest, false, SHARED_DISK)).isEqualTo("done");
    h2().agent().prepare(move);
    twice(h2(), new Act.PrepareDirectories(List.of(disk)));
    twice(h2(), new Act.PrepareDisks(List.of(disk)));
    start(HandOver.FAST, 0, disk);
    awaitArrival();
    twice(h1(), new Act.FenceSource(false));
    twice(h2(), new Act.RunAtDestination(false, false));
    twice(h1(), new Act.ClearSourceDefinition());
    assertThat(h1().agent().order(move, new Act.ClearSourceFiles(List.of(disk)))).isEqualTo("done");
    assertThat(h2().agent().order(move, new Act.OwnDestinationFiles(List.of(disk))))
        .isEqualTo("done");
    assertThat(h2().exists(disk())).isTrue();
    assertThat(h2().agent().delete(guest)).isEqualTo("done");
    assertThat(h2().exists(directory())).isFalse();
  }

  /** Moved by a strict hand-over up to where the guest waits at the destination. */
  private void arrivePaused() {
    h1().agent().create(guest, false);
    h2().agent().prepare(move);
    start(HandOver.STRICT, 0);
    Await.until(
        "the paused guest at the destination",
        SOON,
        () ->
            h2().agent()
                .active(move)
                .filter(seen ->
                    seen.state() == RunState.PAUSED
                        && seen.reason() == StateReason.USER
                        && seen.job() == JobView.NONE)
                .isPresent());
  }

  @Test
  void a_strict_hand_over_waits_paused_and_no_owner_can_start_it_early() {
    arrivePaused();
    assertThat(h2().agent().power(guest, PowerAction.UNPAUSE)).isEqualTo("guest-busy");
    assertThat(h2().agent().delete(guest)).isEqualTo("guest-busy");
    assertThat(h1().agent().order(move, new Act.FenceSource(false))).isEqualTo("done");
    assertThat(h2().agent().order(move, new Act.RunAtDestination(true, false))).isEqualTo("done");
    Await.until("its Resumed", SOON, () -> h2().agent().active(move).orElseThrow().resumedSeen());
    assertThat(h2().agent().power(guest, PowerAction.PAUSE)).isEqualTo("done");
    assertThat(h2().agent().order(move, new Act.RunAtDestination(true, false))).isEqualTo("done");
    assertThat(state(h2())).isEqualTo("PAUSED PAUSED_USER");
  }

  @Test
  void a_guest_that_waits_for_its_hand_over_is_not_taken_for_left() {
    arrivePaused();
    OptionalInt id = id(h2());

    awaitInTheWay(later);

    assertThat(id(h2())).isEqualTo(id);
    assertThat(state(h2())).isEqualTo("PAUSED PAUSED_USER");
  }

  // A move on its way.

  /** A copy that takes long: there is something in the guest's memory, and little bandwidth. */
  private void copySlowly() {
    h1().agent().create(guest, true);
    awaitMemory(guest);
    h2().agent().prepare(move);
    start(HandOver.FAST, 1);
    Await.until(
        "the copy",
        SOON,
        () ->
            h1().agent().active(move).filter(seen -> seen.job() == JobView.OUTGOING).isPresent()
                && h2().agent()
                    .active(move)
                    .filter(seen -> seen.job() == JobView.INCOMING)
                    .isPresent());
  }

  private void awaitRolledBack() {
    Await.until(
        "the end of the copy",
        SOON,
        () ->
            h1().agent().transfer(move).filter(TransferRecord.Ended.class::isInstance).isPresent()
                && h1().agent().active(move).filter(it -> it.job() == JobView.NONE).isPresent()
                && h2().agent().inactive(move).isPresent());
    assertThat(h2().agent().inactive(move).map(GuestView.Inactive::mayHaveRun)).contains(false);
    twice(h2(), new Act.ClearDestinationDomain());
    assertThat(h2().agent().order(move, new Act.ClearDestinationFiles(List.of())))
        .isEqualTo("done");
    assertThat(h1().agent().order(move, new Act.RestoreSource(true, true, true))).isEqualTo("done");
    assertThat(runs(h1())).isTrue();
    assertThat(domain(h1(), Domain::autostart)).isTrue();
    assertThat(exists(h2())).isFalse();
  }

  @Test
  void a_copy_is_told_of_as_it_goes_on() {
    Queue<AgentEvent> news = h1().agent().news();
    copySlowly();
    Await.until(
        "two samples that differ",
        SOON,
        () ->
            news.stream()
                    .filter(AgentEvent::hasSample)
                    .map(AgentEvent::getSample)
                    .filter(it -> it.getMigration().equals(move.id().toString()))
                    .filter(it -> it.getMemoryTotalBytes() > 0)
                    .map(it -> it.getMemoryProcessedBytes())
                    .distinct()
                    .count()
                > 1);
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    awaitRolledBack();
  }

  @Test
  void a_copy_survives_its_agent_refuses_its_owner_and_is_aborted_by_the_next_agent() {
    copySlowly();
    for (PowerAction action : PowerAction.values()) {
      assertThat(h1().agent().power(guest, action)).as(action.name()).isEqualTo("guest-busy");
      assertThat(h2().agent().power(guest, action)).as(action.name()).isEqualTo("guest-busy");
    }
    assertThat(h1().agent().delete(guest)).isEqualTo("guest-busy");
    assertThat(h2().agent().delete(guest)).isEqualTo("guest-busy");
    h1().restartAgent();
    assertThat(h1().agent().active(move).map(GuestView.Active::job)).contains(JobView.OUTGOING);
    assertThat(h1().agent().transfer(move)).contains(new TransferRecord.Started());
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    awaitRolledBack();
  }

  @Test
  void a_copy_that_takes_too_long_is_switched_to_post_copy_and_the_guest_arrives_whole() {
    copySlowly();
    Act postCopy = new Act.StartPostCopy();
    // QEMU refuses it until it has begun to send.
    Await.until("its start", SOON, () -> h1().agent().order(move, postCopy).equals("done"));
    assertThat(h1().agent().order(move, postCopy)).isEqualTo("done");
    awaitArrival();
    assertThat(runs(h1())).isFalse();
    // A source in post-copy holds memory that the destination may still need.
    Await.until("the source to be gone", SOON, () -> h1().agent().inactive(move).isPresent());
    twice(h1(), new Act.FenceSource(false));
    twice(h2(), new Act.RunAtDestination(false, false));
    twice(h1(), new Act.ClearSourceDefinition());
    assertThat(exists(h1())).isFalse();
    assertThat(runs(h2())).isTrue();
  }

  @Test
  void a_transfer_that_was_aborted_before_it_began_never_begins() {
    h1().agent().create(guest, false);
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    h1().restartAgent();
    Act start = new Act.StartTransfer(move.plan(h2(), HandOver.FAST, 0, List.of()));
    h1().agent().order(move, start);
    assertThat(h1().agent().active(move).map(GuestView.Active::job)).contains(JobView.NONE);
    assertThat(h1().agent().transfer(move)).get().isInstanceOf(TransferRecord.Forbidden.class);
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void a_pause_that_was_to_complete_the_copy_is_lifted_when_it_goes_back() {
    copySlowly();
    assertThat(h1().agent().order(move, PAUSE)).isEqualTo("done");
    assertThat(h1().agent().active(move).map(GuestView.Active::state)).contains(RunState.PAUSED);
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    awaitRolledBack();
    assertThat(h1().agent().order(move, PAUSE)).isEqualTo("done");
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void the_death_of_the_sources_libvirtd_ends_the_copy_and_not_the_guest() {
    copySlowly();
    h1().killDaemon();
    assertThat(h1().agent().order(move, new Act.FenceSource(false))).isEqualTo("daemon-silent");
    h1().startDaemon();
    awaitRolledBack();
  }

  @Test
  void a_move_that_libvirt_refuses_is_over_with_its_reason_and_the_guest_goes_on() {
    h1().agent().create(guest, false);
    defineTheirs(h2());
    h1().agent().order(move, new Act.StartTransfer(move.plan(h2(), HandOver.FAST, 0, List.of())));
    Await.until(
        "the end",
        SOON,
        () ->
            h1().agent().transfer(move).filter(TransferRecord.Ended.class::isInstance).isPresent());
    assertThat(h1().agent().transfer(move)).isNotEqualTo(Optional.of(new TransferRecord.Ended("")));
    assertThat(runs(h1())).isTrue();
  }

  // Fences.

  @Test
  void a_running_source_is_never_fenced_and_one_that_ran_on_only_when_both_hosts_were_looked_at() {
    h1().agent().create(guest, false);
    assertThat(h1().agent().order(move, new Act.FenceSource(false))).isEqualTo("source-runs");
    assertThat(runs(h1())).isTrue();
    assertThat(h1().agent().order(move, new Act.SuspendStray())).isEqualTo("done");
    assertThat(h1().agent().order(move, new Act.SuspendStray())).isEqualTo("done");
    assertThat(h1().agent().order(move, new Act.FenceSource(false))).isEqualTo("source-runs");
    twice(h1(), new Act.FenceSource(true));
    assertThat(state(h1())).isEqualTo("SHUTOFF SHUTOFF_DESTROYED");
    assertThat(h1().agent().inactive(move).map(GuestView.Inactive::end))
        .contains(GuestView.End.MIGRATED);
  }

  @Test
  void a_home_that_has_not_even_the_definition_is_not_restored() {
    h1().agent().create(guest, false);
    assertThat(h2().agent().order(move, new Act.RestoreSource(true, true, true)))
        .isEqualTo("source-gone");
    twice(h2(), new Act.RestoreSource(false, false, false));
    assertThat(exists(h2())).isFalse();
  }

  @Test
  void a_source_that_a_migration_left_paused_is_resumed_and_one_that_runs_is_left_alone() {
    h1().agent().create(guest, false);
    h1().agent().order(move, new Act.SuspendStray());
    assertThat(state(h1())).startsWith("PAUSED");
    twice(h1(), new Act.ResumeSource());
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void a_pause_since_the_end_of_a_migration_is_its_owners_and_stays() {
    h1().agent().create(guest, false);
    Act restore = new Act.RestoreSource(false, true, true);
    assertThat(h1().agent().order(move, 1, restore)).isEqualTo("done");
    domain(h1(), domain -> quietly(domain::suspend));
    assertThat(h1().agent().order(move, 2, new Act.ResumeSource())).isEqualTo("done");
    assertThat(h1().agent().order(move, 3, restore)).isEqualTo("done");
    assertThat(state(h1())).startsWith("PAUSED");
  }

  @Test
  void an_order_of_an_older_epoch_is_refused_also_by_the_next_agent() {
    h1().agent().create(guest, false);
    assertThat(h1().agent().order(move, 3, new Act.DisarmAutostart())).isEqualTo("done");
    assertThat(h1().agent().order(move, 2, new Act.SuspendStray())).isEqualTo("stale-epoch");
    h1().restartAgent();
    assertThat(h1().agent().order(move, 2, new Act.SuspendStray())).isEqualTo("stale-epoch");
    assertThat(runs(h1())).isTrue();
    assertThat(h1().agent().order(move, 3, new Act.DisarmAutostart())).isEqualTo("done");
  }

  @Test
  void an_order_for_another_host_is_refused() {
    h1().agent().create(guest, false);
    Order theirs =
        new Order(move.id(), new Epoch(1), guest, new HostName("another"), new Act.SuspendStray());
    assertThat(h1().agent().order(theirs)).isEqualTo("wrong-host");
    assertThat(runs(h1())).isTrue();
  }

  // Places of disks that come.

  @Test
  void a_place_is_reserved_filled_and_given_back_and_every_repeat_changes_nothing() {
    List<DiskMove> disks = List.of(moved(DiskMove.Mode.COPIED));
    h2().agent().prepare(move);
    twice(h2(), new Act.PrepareDirectories(disks));
    assertThat(h2().exists(directory())).isTrue();
    assertThat(h2().exists(disk())).isFalse();
    twice(h2(), new Act.PrepareDisks(disks));
    assertThat(h2().exists(disk())).isTrue();
    h2().restartAgent();
    assertThat(h2().agent().order(move, new Act.ClearDestinationFiles(disks))).isEqualTo("done");
    assertThat(h2().agent().order(move, new Act.ClearDestinationFiles(disks))).isEqualTo("done");
    assertThat(h2().exists(directory())).isFalse();
  }

  @Test
  void what_a_migration_owns_for_its_instance_is_no_longer_the_migrations_to_clear() {
    List<DiskMove> disks = List.of(moved(DiskMove.Mode.COPIED));
    h2().agent().prepare(move);
    twice(h2(), new Act.PrepareDirectories(disks));
    twice(h2(), new Act.PrepareDisks(disks));
    assertThat(h2().agent().order(move, new Act.OwnDestinationFiles(disks))).isEqualTo("done");
    h2().agent().order(later, new Act.ClearDestinationFiles(disks));
    assertThat(h2().exists(disk())).isTrue();
  }

  @Test
  void a_file_of_somebody_else_where_a_disk_goes_is_refused_and_kept() {
    List<DiskMove> disks = List.of(moved(DiskMove.Mode.COPIED));
    h2().agent().prepare(move);
    twice(h2(), new Act.PrepareDirectories(disks));
    assertThat(h2().agent().order(move, new Act.ClearDestinationFiles(disks))).isEqualTo("done");
    String theirs = h2().sharedDirectory() + "/" + guest + ".qcow2";
    h2().put(theirs);
    DiskMove onto =
        new DiskMove(
            "vda", theirs, DiskFormat.QCOW2, MIB, Optional.empty(), true, DiskMove.Mode.COPIED);
    assertThat(h2().agent().order(later, new Act.PrepareDirectories(List.of(onto))))
        .isNotEqualTo("done");
    h2().agent().order(later, new Act.ClearDestinationFiles(List.of(onto)));
    assertThat(h2().exists(theirs)).isTrue();
    h2().remove(theirs);
  }

  // What is asked before a move.

  @Test
  void a_marker_beside_a_shared_disk_is_seen_by_the_other_host_until_it_is_taken_away() {
    assertThat(h1().agent().create(guest, false, SHARED_DISK)).isEqualTo("done");
    assertThat(h1().agent().mark(move, true, disk())).containsExactly(disk());
    assertThat(h2().agent().assess(h1().agent(), move).sharedPaths()).containsExactly(disk());
    assertThat(h1().agent().mark(move, false, disk())).isEmpty();
    assertThat(h2().agent().assess(h1().agent(), move).sharedPaths()).isEmpty();
    assertThat(h1().agent().mark(move, false, disk())).isEmpty();
  }

  @Test
  void a_guest_that_is_not_here_is_not_described() {
    assertThat(h1().agent().describe(guest).getRefusal().getCode()).isEqualTo("no-guest");
  }

  // What is in the way.

  private void awaitInTheWay(Move which) {
    Await.until(
        "the refusal",
        SOON,
        () ->
            h2().agent()
                .order(which, new Act.PrepareDirectories(List.of()))
                .equals("domain-in-the-way"));
  }

  private Optional<String> inTheWay(Move which) {
    return h2().agent().assess(h1().agent(), which).domainInTheWay();
  }

  /** Refused by plan and preparation alike. */
  private void assertRefused(Move which) {
    assertThat(inTheWay(which)).isPresent();
    awaitInTheWay(which);
    assertThat(h2().agent().order(which, new Act.ClearDestinationDomain())).isEqualTo("done");
    assertThat(h2().agent().order(which, new Act.ClearDestinationFiles(List.of())))
        .isEqualTo("done");
  }

  @Test
  void a_foreign_definition_in_the_way_is_refused_and_outlives_the_roll_back() {
    h1().agent().create(guest, false);
    defineTheirs(h2());
    domain(
        h2(),
        domain -> {
          domain.setAutostart(true);
          return true;
        });
    String before = definition(h2());

    assertRefused(move);

    assertThat(definition(h2())).isEqualTo(before);
    assertThat(domain(h2(), Domain::autostart)).isTrue();
  }

  private static final List<CreateFlag[]> STARTS =
      List.of(new CreateFlag[] {}, new CreateFlag[] {CreateFlag.PAUSED});

  @Test
  void a_foreign_guest_in_the_way_is_refused_and_goes_on() {
    h1().agent().create(guest, false);
    for (CreateFlag[] start : STARTS) {
      defineTheirs(h2());
      startTheirs(h2(), start);
      assertUntouched(Move.of(guest));
    }
  }

  @Test
  void a_guest_that_somebody_started_where_a_dead_migration_was_prepared_is_left_alone() {
    h1().agent().create(guest, false);
    h2().agent().prepare(move);
    for (CreateFlag[] start : STARTS.reversed()) {
      defineTheirs(h2());
      startTheirs(h2(), start);
      assertUntouched(Move.of(guest));
    }
  }

  private void assertUntouched(Move which) {
    String definition = definition(h2());
    OptionalInt id = id(h2());
    String state = state(h2());

    assertRefused(which);

    assertThat(id(h2())).isEqualTo(id);
    assertThat(state(h2())).isEqualTo(state);
    assertThat(definition(h2())).isEqualTo(definition);
    domain(h2(), domain -> quietly(domain::destroy));
  }

  @Test
  void a_definition_that_a_dead_migration_left_is_cleared_by_the_next_one() {
    h1().agent().create(guest, false);
    h2().agent().prepare(move);
    // As libvirt leaves one when its daemon dies before it starts the guest.
    defineTheirs(h2());

    assertThat(inTheWay(later)).isEmpty();
    assertThat(h2().agent().order(later, new Act.PrepareDirectories(List.of()))).isEqualTo("done");

    assertThat(exists(h2())).isFalse();
    assertThat(runs(h1())).isTrue();
  }

  @Test
  void a_definition_whose_guest_may_have_run_unseen_is_left_alone() {
    h1().agent().create(guest, false);
    h2().agent().prepare(move);
    defineTheirs(h2());
    String before = definition(h2());
    h2().restartAgent();

    assertRefused(later);

    assertThat(definition(h2())).isEqualTo(before);
  }

  @Test
  void an_arrival_of_an_earlier_migration_is_left_alone_and_what_it_left_is_cleared_afterwards() {
    copySlowly();
    OptionalInt id = id(h2());

    assertRefused(later);

    assertThat(id(h2())).isEqualTo(id);
    assertThat(h2().agent().active(move).map(GuestView.Active::job)).contains(JobView.INCOMING);
    assertThat(h1().agent().order(move, new Act.AbortTransfer())).isEqualTo("done");
    Await.until("libvirt to end it", SOON, () -> h2().agent().inactive(move).isPresent());
    Move next = Move.of(guest);
    assertThat(inTheWay(next)).isEmpty();
    assertThat(h2().agent().order(next, new Act.PrepareDirectories(List.of()))).isEqualTo("done");
    assertThat(h2().agent().order(move, new Act.PrepareDirectories(List.of())))
        .as("an order of the migration that was given up")
        .isEqualTo("stale-epoch");
  }
}
