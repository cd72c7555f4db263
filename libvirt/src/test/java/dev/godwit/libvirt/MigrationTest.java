package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real peer-to-peer moves of a guest with 48 MiB to copy, from one libvirtd to another. */
@ExtendWith(OnRealHosts.class)
class MigrationTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Rack rack;
  private final BlockingQueue<DomainEvent> ofSource = new LinkedBlockingQueue<>();
  private final BlockingQueue<DomainEvent> ofDestination = new LinkedBlockingQueue<>();
  private Connection source;
  private Connection destination;
  private Connection mover;

  MigrationTest(Rack rack) {
    this.rack = rack;
  }

  @BeforeEach
  void open() {
    source = rack.one().open();
    destination = rack.two().open();
    mover = rack.one().open();
    source.subscribe(ofSource::add);
    destination.subscribe(ofDestination::add);
  }

  @AfterEach
  void leaveNoGuest() {
    Guests.remove(source);
    Guests.remove(destination);
    mover.close();
    source.close();
    destination.close();
  }

  @Test
  void a_guest_moves_as_it_was_told_and_both_hosts_tell_of_it_in_order() {
    Domain guest = source.create(TinyGuest.still(rack, "mover"), List.of());
    String xml = guest.xml(DomainXmlFlag.MIGRATABLE);
    String kept = xml.replace("</name>", "</name><title>kept</title>");
    move(
            guest,
            MigrateParameters.to(rack.two().peerUri())
                .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER, MigrateFlag.PERSIST_DEST)
                .flags(MigrateFlag.AUTO_CONVERGE, MigrateFlag.PARALLEL)
                .migrateUri("tcp://" + rack.two().address())
                .listenAddress(rack.two().address())
                .destinationXml(xml.replace("</name>", "</name><title>moved</title>"))
                .persistentXml(kept)
                .parallelConnections(2)
                .autoConvergeInitialPercent(10)
                .autoConvergeIncrementPercent(5)
                .bandwidthMibPerSecond(500)
                .build())
        .join();

    assertThat(guest.exists()).isFalse();
    Domain moved = destination.domain(guest.uuid());
    assertThat(moved.state().reason()).isEqualTo(StateReason.RUNNING_MIGRATED);
    assertThat(moved.isPersistent()).isTrue();
    assertThat(moved.xml()).contains("<title>moved</title>");
    assertThat(moved.xml(DomainXmlFlag.INACTIVE)).contains("<title>kept</title>");
    assertThat(lifecycle(ofDestination, LifecycleDetail.RESUMED_MIGRATED))
        .containsExactly(
            LifecycleDetail.STARTED_MIGRATED,
            LifecycleDetail.DEFINED_ADDED,
            LifecycleDetail.RESUMED_MIGRATED);
    List<DomainEvent> told = until(ofSource, it -> it instanceof DomainEvent.JobCompleted);
    assertThat(told)
        .filteredOn(it -> it instanceof DomainEvent.Lifecycle)
        .extracting(it -> ((DomainEvent.Lifecycle) it).detail())
        .containsSubsequence(LifecycleDetail.SUSPENDED_MIGRATED, LifecycleDetail.STOPPED_MIGRATED);
    assertThat(told)
        .filteredOn(it -> it instanceof DomainEvent.MigrationIteration)
        .extracting(it -> ((DomainEvent.MigrationIteration) it).iteration())
        .startsWith(1)
        .isSorted();
    JobStats whole = ((DomainEvent.JobCompleted) told.getLast()).stats();
    assertThat(whole.operation()).isEqualTo(JobOperation.MIGRATION_OUT);
    assertThat(whole.downtime()).isPresent();
    assertThat(told).extracting(DomainEvent::arrivedNanos).isSorted();
  }

  @Test
  void a_move_is_watched_and_steered_while_it_runs_and_told_of_when_it_is_over() {
    Domain guest = written("steered");
    CompletableFuture<Void> move = move(guest, slowly().build());
    JobStats stats = awaitCopy(guest);
    assertThat(stats.type()).isEqualTo(JobType.UNBOUNDED);
    assertThat(stats.operation()).isEqualTo(JobOperation.MIGRATION_OUT);
    assertThat(stats.memoryTotalBytes().orElseThrow())
        .isGreaterThanOrEqualTo(TinyGuest.MEMORY_MIB << 20);
    assertThat(stats.memoryRemainingBytes().orElseThrow()).isPositive();
    assertThat(stats.memoryIteration()).hasValue(1);
    JobInfo info = guest.job().info();
    assertThat(info.type()).isEqualTo(JobType.UNBOUNDED);
    assertThat(info.memoryRemainingBytes()).isPositive();
    assertThatThrownBy(() -> destination.domain(guest.uuid()).job().info())
        .isInstanceOfSatisfying(
            LibvirtException.class, e -> assertThat(e.isOperationUnsupported()).isTrue());

    guest.job().setMaxDowntime(Duration.ofMillis(700));
    assertThat(guest.job().maxDowntime()).isEqualTo(Duration.ofMillis(700));
    guest.job().setMaxSpeedMibPerSecond(2000);
    assertThat(guest.job().maxSpeedMibPerSecond()).isEqualTo(2000);
    move.join();

    Domain moved = destination.domain(guest.uuid());
    JobStats over = moved.job().completedStats(true);
    assertThat(over.type()).isEqualTo(JobType.COMPLETED);
    assertThat(over.operation()).isEqualTo(JobOperation.MIGRATION_IN);
    assertThat(over.downtime()).isPresent();
    assertThat(over.timeElapsed().orElseThrow()).isPositive();
    assertThat(over.memoryProcessedBytes().orElseThrow()).isGreaterThan(48 << 20);
    assertThat(moved.job().completedStats(false)).isEqualTo(over);
    assertThat(moved.job().completedStats(false).type()).isEqualTo(JobType.NONE);
    assertThat(moved.job().stats().type()).isEqualTo(JobType.NONE);
  }

  @Test
  void a_move_that_is_aborted_half_way_leaves_the_guest_running_where_it_was() {
    Domain guest = written("aborted");
    CompletableFuture<Void> move = move(guest, slowly().build());
    awaitCopy(guest);
    try (Connection another = rack.one().open()) {
      assertThatThrownBy(
              () -> another.domain(guest.uuid()).job().migrate(slowly().build(), LONGEST))
          .isInstanceOfSatisfying(
              LibvirtException.class, e -> assertThat(e.isOperationInvalid()).isTrue());
    }
    guest.job().abort();

    LibvirtException error = failure(move);
    assertThat(error.isAborted()).isTrue();
    assertThat(error.code()).isEqualTo(78);
    assertThat(error.errorDomain()).isEqualTo(ErrorDomain.QEMU);
    assertThat(error.isConnectionProblem()).isFalse();
    assertThat(mover.isOpen()).isTrue();
    assertThat(guest.state().state()).isEqualTo(DomainState.RUNNING);
    assertThat(guest.job().info().type()).isEqualTo(JobType.NONE);
    assertThat(lifecycle(ofDestination, LifecycleDetail.STOPPED_FAILED))
        .containsExactly(LifecycleDetail.STARTED_MIGRATED, LifecycleDetail.STOPPED_FAILED);
    assertThat(destination.domain(guest.uuid()).exists()).isFalse();
    assertThatThrownBy(() -> guest.job().abort())
        .isInstanceOfSatisfying(
            LibvirtException.class, e -> assertThat(e.isOperationInvalid()).isTrue());
  }

  @Test
  void a_move_that_is_switched_to_post_copy_ends_with_the_guest_at_the_destination() {
    Domain guest = written("postcopy");
    CompletableFuture<Void> move =
        move(
            guest,
            slowly().flags(MigrateFlag.POSTCOPY).postCopyBandwidthMibPerSecond(1000).build());
    awaitCopy(guest);
    guest.job().startPostCopy();
    move.join();
    assertThat(destination.domain(guest.uuid()).state().reason())
        .isIn(StateReason.RUNNING_POSTCOPY, StateReason.RUNNING_MIGRATED);
    assertThat(lifecycle(ofDestination, LifecycleDetail.RESUMED_MIGRATED))
        .containsSubsequence(
            LifecycleDetail.STARTED_MIGRATED,
            LifecycleDetail.RESUMED_POSTCOPY,
            LifecycleDetail.RESUMED_MIGRATED);
    List<DomainEvent> told = until(ofSource, it -> it instanceof DomainEvent.JobCompleted);
    assertThat(told)
        .filteredOn(it -> it instanceof DomainEvent.Lifecycle)
        .extracting(it -> ((DomainEvent.Lifecycle) it).detail())
        .contains(LifecycleDetail.SUSPENDED_POSTCOPY);
  }

  @Test
  void a_move_to_nowhere_is_refused_by_libvirt_and_costs_nothing() {
    Domain guest = source.create(TinyGuest.still(rack, "refused"), List.of());
    LibvirtException nowhere =
        failure(
            move(
                guest,
                MigrateParameters.to("qemu+tcp://127.0.1.77/system")
                    .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER)
                    .build()));
    assertThat(nowhere.kind()).isEqualTo(LibvirtException.Kind.REPORTED);
    assertThat(nowhere.isConnectionProblem()).isFalse();
    assertThat(nowhere.text()).contains("127.0.1.77");
    LibvirtException itself =
        failure(
            move(
                guest,
                MigrateParameters.to(rack.one().peerUri())
                    .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER)
                    .migrateUri("tcp://127.0.1.1")
                    .build()));
    assertThat(itself.isConnectionProblem()).isFalse();
    assertThat(guest.state().state()).isEqualTo(DomainState.RUNNING);
  }

  private MigrateParameters.Builder slowly() {
    return MigrateParameters.to(rack.two().peerUri())
        .flags(MigrateFlag.LIVE, MigrateFlag.PEER2PEER)
        .migrateUri("tcp://" + rack.two().address())
        .bandwidthMibPerSecond(1);
  }

  private CompletableFuture<Void> move(Domain guest, MigrateParameters parameters) {
    return CompletableFuture.runAsync(
        () -> mover.domain(guest.uuid()).job().migrate(parameters, LONGEST),
        Thread::startVirtualThread);
  }

  /** A guest that has written its memory, so that there is something to copy. */
  private Domain written(String name) {
    Domain guest = source.create(TinyGuest.still(rack, name), List.of());
    rack.one().awaitHalted(name);
    return guest;
  }

  private static JobStats awaitCopy(Domain guest) {
    return Await.found(
        "the copy",
        () ->
            java.util.Optional.of(guest.job().stats())
                .filter(it -> it.memoryProcessedBytes().orElse(0) > 0));
  }

  private static LibvirtException failure(CompletableFuture<Void> move) {
    try {
      move.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LibvirtException known) {
        return known;
      }
      throw e;
    }
    throw new AssertionError("the move went well");
  }

  private static List<DomainEvent> until(
      BlockingQueue<DomainEvent> events, java.util.function.Predicate<DomainEvent> last) {
    List<DomainEvent> seen = new ArrayList<>();
    Await.next(
        "the last event",
        events,
        event -> {
          seen.add(event);
          return last.test(event);
        });
    return seen;
  }

  private static List<LifecycleDetail> lifecycle(
      BlockingQueue<DomainEvent> events, LifecycleDetail last) {
    return until(events, it -> it instanceof DomainEvent.Lifecycle life && life.detail() == last)
        .stream()
        .filter(it -> it instanceof DomainEvent.Lifecycle)
        .map(it -> ((DomainEvent.Lifecycle) it).detail())
        .toList();
  }
}
