package dev.godwit.app.agent;

import static dev.godwit.app.agent.AgentCalls.SOON;

import dev.godwit.core.model.InstanceId;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The agent on two real libvirt daemons and QEMU. */
final class AgentOnLibvirtTest extends AgentContract {
  private static final String TIME = "cpu.time=";

  @TempDir static Path folder;
  private static Lab lab;
  private static RealHost h1;
  private static RealHost h2;

  @BeforeAll
  static void up() {
    lab = Lab.at(folder.resolve("lab"));
    lab.up(new LabOptions(2, false, false));
    h1 = new RealHost(lab, "h1");
    h2 = new RealHost(lab, "h2");
  }

  @AfterAll
  static void down() {
    h1.close();
    h2.close();
    lab.down();
  }

  @Override
  HostUnderTest h1() {
    return h1;
  }

  @Override
  HostUnderTest h2() {
    return h2;
  }

  /** Its kernel has started. */
  @Override
  void awaitMemory(InstanceId guest) {
    Virsh virsh = new Virsh(lab.host("h1"));
    Await.until(
        "the guest's kernel in its memory", SOON, () -> cpuTime(virsh, guest) > 4_000_000_000L);
  }

  private static long cpuTime(Virsh virsh, InstanceId guest) {
    return virsh
        .must("domstats", "--cpu-total", guest.toString())
        .lines()
        .filter(line -> line.strip().startsWith(TIME))
        .mapToLong(line -> Long.parseLong(line.strip().substring(TIME.length())))
        .findFirst()
        .orElse(0);
  }
}
