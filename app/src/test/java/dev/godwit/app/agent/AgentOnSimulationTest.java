package dev.godwit.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.simulation.driver.SimulatedHosts;
import dev.godwit.wire.MachineTempo;
import dev.godwit.wire.MutualTls;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent on the simulated hypervisor. */
final class AgentOnSimulationTest extends AgentContract {
  @TempDir static Path folder;
  private static SimulatedHosts hosts;
  private static SimulatedHostUnderTest h1;
  private static SimulatedHostUnderTest h2;

  @BeforeAll
  static void up() {
    LabFolder files = new LabFolder(folder.resolve("pki"));
    files.make();
    Pki pki = new Pki(files);
    pki.makeAuthority();
    pki.makeCertificate("both", "127.0.0.1", 0);
    MutualTls tls = new MutualTls(pki.authority(), pki.certificate("both"), pki.key("both"));
    List<HostName> names = List.of(new HostName("h1"), new HostName("h2"));
    hosts =
        new SimulatedHosts(
            new SimulatedHosts.Configuration(
                names,
                "127.0.0.1",
                0,
                // Nothing serves there; this process commands the agents as that server would.
                List.of("127.0.0.1:1"),
                Duration.ofMillis(200),
                List.of("/srv/guest/vmlinuz", "/srv/guest/initrd.gz"),
                tls),
            Clock.systemUTC(),
            new MachineTempo());
    hosts.start();
    h1 = new SimulatedHostUnderTest(names.getFirst(), hosts.host("h1").orElseThrow(), tls);
    h2 = new SimulatedHostUnderTest(names.getLast(), hosts.host("h2").orElseThrow(), tls);
  }

  @AfterAll
  static void down() {
    h1.close();
    h2.close();
    hosts.close();
  }

  @Override
  HostUnderTest h1() {
    return h1;
  }

  @Override
  HostUnderTest h2() {
    return h2;
  }

  /** There is, from the beginning. */
  @Override
  void awaitMemory(InstanceId guest) {}

  @Test
  void a_source_tells_whether_it_reaches_the_destination() {
    h1.agent().create(guest, false);
    assertThat(h1.agent().depart(move, move.plan(h2, HandOver.FAST, 0, List.of())).links())
        .isNotEmpty()
        .allSatisfy(link -> assertThat(link.trouble()).isEmpty());
    h2.killDaemon();
    assertThat(h1.agent().depart(move, move.plan(h2, HandOver.FAST, 0, List.of())).links())
        .anySatisfy(link -> assertThat(link.trouble()).isPresent());
    h2.startDaemon();
  }

  @Test
  void a_host_of_another_process_or_a_real_one_is_out_of_reach_and_that_is_said() {
    h1.agent().create(guest, false);
    TransferPlan near = move.plan(h2, HandOver.FAST, 0, List.of());
    TransferPlan plan =
        new TransferPlan(
            near.destination(),
            "qemu+tcp://192.0.2.7/system",
            "tcp://192.0.2.7",
            near.handOver(),
            List.of(),
            false,
            true,
            false,
            false,
            false,
            false,
            1,
            0,
            300);
    assertThat(h1.agent().depart(move, plan).links())
        .singleElement()
        .satisfies(link ->
            assertThat(link.trouble().orElseThrow())
                .contains("192.0.2.7 is no host of this process"));
    h1.agent().order(move, new Act.StartTransfer(plan));
    Await.until(
        "the end of the move",
        AgentCalls.SOON,
        () -> h1.agent().transfer(move).filter(TransferRecord.Ended.class::isInstance).isPresent());
    assertThat(h1.agent().active(move).orElseThrow().state()).isEqualTo(RunState.RUNNING);
  }

  @Test
  void a_copied_disk_is_at_the_destination_and_no_longer_at_the_source() {
    DiskSpec made =
        new DiskSpec("vda", DirectoryKind.LOCAL, DiskFormat.QCOW2, 16 << 20, Optional.empty());
    assertThat(h1.agent().create(guest, false, made)).isEqualTo("done");
    String path = h1.agent().describe(guest).getGuest().getDisks(0).getPath();
    List<DiskMove> disks =
        List.of(
            new DiskMove(
                "vda",
                path,
                DiskFormat.QCOW2,
                16 << 20,
                Optional.empty(),
                true,
                DiskMove.Mode.COPIED));
    h2.agent().prepare(move);
    assertThat(h2.agent().order(move, new Act.PrepareDirectories(disks))).isEqualTo("done");
    assertThat(h2.agent().order(move, new Act.PrepareDisks(disks))).isEqualTo("done");
    h1.agent().order(move, new Act.StartTransfer(move.plan(h2, HandOver.FAST, 0, disks)));
    Await.until(
        "the guest at the destination",
        AgentCalls.SOON,
        () -> h2.agent().active(move).filter(it -> it.job() == JobView.NONE).isPresent());
    for (Act act : List.of(new Act.FenceSource(false), new Act.ClearSourceDefinition())) {
      assertThat(h1.agent().order(move, act)).isEqualTo("done");
    }
    assertThat(h2.agent().order(move, new Act.OwnDestinationFiles(disks))).isEqualTo("done");
    assertThat(h1.agent().order(move, new Act.ClearSourceFiles(disks))).isEqualTo("done");
    assertThat(h1.exists(path)).isFalse();
    assertThat(h2.exists(path)).isTrue();
  }
}
