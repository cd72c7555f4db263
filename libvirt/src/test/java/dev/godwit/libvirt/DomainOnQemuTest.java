package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One real host: what is asked of it and of its guests. */
@ExtendWith(OnRealHosts.class)
class DomainOnQemuTest {
  private final Rack rack;
  private Connection connection;

  DomainOnQemuTest(Rack rack) {
    this.rack = rack;
  }

  @BeforeEach
  void open() {
    connection = rack.one().open();
  }

  @AfterEach
  void leaveNoGuest() {
    Guests.remove(connection);
    connection.close();
  }

  @Test
  void the_host_says_what_it_is_and_what_it_can_do() {
    assertThat(connection.driver()).isEqualTo("QEMU");
    assertThat(connection.hostname()).isEqualTo("h1");
    assertThat(connection.hypervisorVersion()).isGreaterThan(1_000_000);
    assertThat(connection.libvirtVersion()).isGreaterThan(1_000_000);
    assertThat(Libvirt.version()).isEqualTo(Libvirt.dotted(connection.libvirtVersion()));
    assertThat(connection.capabilitiesXml())
        .contains(rack.one().uuid().toString())
        .contains("<cpu>");
    assertThat(connection.domainCapabilitiesXml(Hypervisor.DEFAULT))
        .contains("<domainCapabilities>");
    NodeInfo node = connection.nodeInfo();
    assertThat(node.activeCpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(connection.freeMemoryBytes()).isPositive().isLessThan(node.memoryBytes());
  }

  @Test
  void a_cpu_is_compared_with_the_host_and_with_what_its_hypervisor_gives() {
    String some = "<cpu mode='custom' match='exact'><model fallback='forbid'>qemu64</model></cpu>";
    Hypervisor tcg =
        new Hypervisor(
            java.util.Optional.of("/usr/bin/qemu-system-x86_64"),
            java.util.Optional.of("x86_64"),
            java.util.Optional.of("pc"),
            java.util.Optional.of("qemu"));
    assertThat(connection.compareHypervisorCpu(tcg, some))
        .isIn(CpuComparison.IDENTICAL, CpuComparison.SUPERSET);
    String impossible =
        "<cpu mode='custom' match='exact'><model>qemu64</model>"
            + "<feature policy='require' name='avx512f'/></cpu>";
    assertThat(connection.compareHypervisorCpu(tcg, impossible))
        .isEqualTo(CpuComparison.INCOMPATIBLE);
    assertThatThrownBy(() -> connection.compareCpu("<cpu"))
        .isInstanceOfSatisfying(
            LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isFalse());
  }

  @Test
  void a_guest_created_paused_runs_only_when_it_is_resumed() {
    Domain domain = connection.create(TinyGuest.still(rack, "paused"), List.of(CreateFlag.PAUSED));
    assertThat(domain.state().reason()).isEqualTo(StateReason.PAUSED_USER);
    assertThat(domain.isPersistent()).isFalse();
    assertThat(domain.id()).isPresent();
    domain.resume();
    assertThat(domain.state().reason()).isEqualTo(StateReason.RUNNING_UNPAUSED);
    domain.suspend();
    assertThat(domain.state().reason()).isEqualTo(StateReason.PAUSED_USER);
    domain.destroy();
    assertThat(domain.exists()).isFalse();
  }

  @Test
  void a_guest_is_ended_only_in_the_run_and_the_state_that_was_meant() {
    Domain domain = connection.create(TinyGuest.still(rack, "meant"), List.of(CreateFlag.PAUSED));
    int id = domain.id().orElseThrow();
    assertThat(domain.destroyIf(id + 1, EnumSet.of(DomainState.PAUSED))).isFalse();
    assertThat(domain.destroyIf(id, EnumSet.of(DomainState.CRASHED))).isFalse();
    domain.resume();
    assertThat(domain.destroyIf(id, EnumSet.of(DomainState.PAUSED))).isFalse();
    assertThat(domain.isActive()).isTrue();
    domain.suspend();
    assertThat(domain.destroyIf(id, EnumSet.of(DomainState.PAUSED))).isTrue();
    assertThat(domain.exists()).isFalse();
    assertThatThrownBy(() -> domain.destroyIf(id, EnumSet.of(DomainState.PAUSED)))
        .isInstanceOfSatisfying(LibvirtException.class, e -> assertThat(e.isNoDomain()).isTrue());
  }

  @Test
  void what_is_asked_of_a_domain_is_of_its_newest_run_and_name() {
    Domain domain = connection.define(TinyGuest.still(rack, "before"));
    domain.start();
    int first = domain.id().orElseThrow();
    domain.destroy();
    assertThat(domain.state().state()).isEqualTo(DomainState.SHUTOFF);
    domain.start();
    assertThat(domain.id().orElseThrow()).isGreaterThan(first);
    domain.destroy();
    domain.undefine();
    connection.define(
        TinyGuest.still(rack, "after")
            .replace("</name>", "</name><uuid>" + domain.uuid() + "</uuid>"));
    assertThat(domain.isActive()).isFalse();
    assertThat(domain.name()).isEqualTo("after");
    domain.undefine();
  }

  @Test
  void a_defined_guest_is_started_listed_looked_up_and_forgotten() {
    Domain domain = connection.define(TinyGuest.still(rack, "defined"));
    assertThat(domain.state().state()).isEqualTo(DomainState.SHUTOFF);
    assertThat(connection.list(List.of(DomainListFlag.ACTIVE))).isEmpty();
    domain.setAutostart(true);
    assertThat(domain.autostart()).isTrue();
    domain.setAutostart(false);
    domain.start();
    assertThat(domain.state().reason()).isEqualTo(StateReason.RUNNING_BOOTED);
    assertThat(connection.list(List.of(DomainListFlag.ACTIVE)))
        .containsExactly(new DomainSummary(domain.uuid(), "defined", domain.id()));
    assertThat(connection.domainNamed("defined").orElseThrow().uuid()).isEqualTo(domain.uuid());
    domain.shutdown(); // the guest does not listen: asking is all that this does
    assertThat(domain.isActive()).isTrue();
    domain.reset();
    domain.destroy();
    assertThat(domain.state().reason()).isEqualTo(StateReason.SHUTOFF_DESTROYED);
    domain.undefine(UndefineFlag.MANAGED_SAVE);
    assertThat(domain.exists()).isFalse();
    assertThat(connection.domainNamed("defined")).isEmpty();
  }

  @Test
  void the_xml_for_another_host_leaves_out_what_is_of_this_run() {
    Domain domain = connection.create(TinyGuest.still(rack, "xml"), List.of());
    assertThat(domain.xml()).contains("<alias name=").contains("id='");
    assertThat(domain.xml(DomainXmlFlag.MIGRATABLE))
        .contains("<uuid>" + domain.uuid() + "</uuid>")
        .doesNotContain("<alias name=");
  }

  @Test
  void metadata_of_the_callers_own_is_kept_in_the_definition() {
    Domain domain = connection.define(TinyGuest.still(rack, "noted"));
    assertThat(domain.metadata("urn:example:note")).isEmpty();
    domain.setMetadata("n", "urn:example:note", "<note>here</note>", false);
    assertThat(domain.metadata("urn:example:note"))
        .hasValueSatisfying(xml -> assertThat(xml).contains("here"));

    domain.removeMetadata("urn:example:note", false);
    assertThat(domain.metadata("urn:example:note")).isEmpty();
    domain.removeMetadata("urn:example:note", false);
    assertThat(domain.metadata("urn:example:note")).isEmpty();
  }

  @Test
  void statistics_come_by_libvirts_names_and_kinds() {
    Domain domain = connection.create(TinyGuest.still(rack, "stats"), List.of());
    TypedParameters stats = domain.stats(List.of(StatsGroup.STATE, StatsGroup.VCPU));
    assertThat(stats.whole("state.state")).hasValue(DomainState.RUNNING.code());
    assertThat(stats.whole("vcpu.current")).hasValue(1);
    assertThat(domain.stats(List.of()).values()).hasSizeGreaterThan(stats.values().size());
  }

  @Test
  void the_dirty_rate_of_a_guest_that_writes_is_measured() {
    Domain domain = connection.create(TinyGuest.busy(rack, "busy"), List.of());
    assertThat(domain.dirtyRate().status()).isEqualTo(DirtyRateStatus.UNSTARTED);
    domain.startDirtyRate(Duration.ofSeconds(1));
    DirtyRate rate =
        Await.found(
            "the dirty rate",
            () ->
                java.util.Optional.of(domain.dirtyRate())
                    .filter(it -> it.status() == DirtyRateStatus.MEASURED));
    assertThat(rate.period()).isEqualTo(Duration.ofSeconds(1));
    assertThat(rate.mebibytesPerSecond().orElseThrow()).isPositive();
  }

  @Test
  void a_disk_has_a_size_and_no_job() throws Exception {
    Path image = DiskImage.make(rack.guests().resolve("plain.qcow2"));
    Domain domain = connection.create(TinyGuest.xml("disk", "", disk(image)), List.of());
    assertThat(domain.blockInfo("vda").capacityBytes()).isEqualTo(1 << 20);
    assertThat(domain.blockJob("vda")).isEmpty();
    assertThatThrownBy(() -> domain.blockInfo("vdz"))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_ARG);
              assertThat(e.isConnectionProblem()).isFalse();
            });
  }

  @Test
  void a_failing_disk_is_an_event() throws Exception {
    Path image = DiskImage.make(rack.guests().resolve("damaged.qcow2"));
    DiskImage.damage(image);
    BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
    connection.subscribe(events::add);
    Domain domain = connection.create(TinyGuest.xml("damaged", "", disk(image)), List.of());
    DomainEvent event = Await.next("the error", events, it -> it instanceof DomainEvent.IoError);
    DomainEvent.IoError error = (DomainEvent.IoError) event;
    assertThat(error.uuid()).isEqualTo(domain.uuid());
    assertThat(error.sourcePath()).isEqualTo(image.toString());
    assertThat(error.deviceAlias()).isEqualTo("virtio-disk0");
    assertThat(error.action()).isEqualTo(IoErrorAction.REPORT);
  }

  @Test
  void a_device_that_the_guest_gave_back_is_an_event() throws Exception {
    BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
    connection.subscribe(events::add);
    Domain domain =
        connection.create(
            TinyGuest.xml("tablet", "", "<controller type='usb'/><input type='tablet' bus='usb'/>"),
            List.of());
    rack.one().monitor("tablet", "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"input0\"}}");
    DomainEvent event =
        Await.next("the removal", events, it -> it instanceof DomainEvent.DeviceRemoved);
    DomainEvent.DeviceRemoved removed = (DomainEvent.DeviceRemoved) event;
    assertThat(removed.uuid()).isEqualTo(domain.uuid());
    assertThat(removed.deviceAlias()).isEqualTo("input0");
  }

  @Test
  void events_tell_a_guests_life_in_order() {
    BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
    connection.subscribe(events::add);
    Domain domain = connection.define(TinyGuest.still(rack, "life"));
    domain.start(CreateFlag.PAUSED);
    domain.resume();
    domain.suspend();
    domain.destroy();
    domain.undefine();
    for (LifecycleDetail detail :
        List.of(
            LifecycleDetail.DEFINED_ADDED,
            LifecycleDetail.STARTED_BOOTED,
            LifecycleDetail.SUSPENDED_PAUSED,
            LifecycleDetail.RESUMED_UNPAUSED,
            LifecycleDetail.SUSPENDED_PAUSED,
            LifecycleDetail.STOPPED_DESTROYED,
            LifecycleDetail.UNDEFINED_REMOVED)) {
      assertThat(Await.next(detail.toString(), events, DomainOnQemuTest::isOfInterest))
          .isInstanceOfSatisfying(
              DomainEvent.Lifecycle.class,
              it -> {
                assertThat(it.detail()).isEqualTo(detail);
                assertThat(it.uuid()).isEqualTo(domain.uuid());
                assertThat(it.name()).isEqualTo("life");
              });
    }
  }

  /**
   * SHUTDOWN comes or not: it is QEMU's word on its way out, and libvirt may be the quicker one.
   */
  private static boolean isOfInterest(DomainEvent event) {
    return event instanceof DomainEvent.Lifecycle life && life.event() != LifecycleEvent.SHUTDOWN;
  }

  private static String disk(Path image) {
    return """
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='%s'/><target dev='vda' bus='virtio'/></disk>
    """
        .formatted(image);
  }
}
