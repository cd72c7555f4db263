package dev.godwit.app.agent;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.simulation.driver.SimulatedHosts;
import dev.godwit.wire.MachineTempo;
import dev.godwit.wire.MutualTls;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
}
