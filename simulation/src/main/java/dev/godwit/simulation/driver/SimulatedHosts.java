package dev.godwit.simulation.driver;

import dev.godwit.agent.host.HostTrouble;
import dev.godwit.core.model.HostName;
import dev.godwit.core.port.Tempo;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.libvirt.Images;
import dev.godwit.simulation.libvirt.SimulatedHost;
import dev.godwit.simulation.time.MachineTimeline;
import dev.godwit.simulation.time.SimulatedProcess;
import dev.godwit.wire.MutualTls;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts that are none, each with an agent that is one: it serves and announces itself over gRPC as
 * the agent of a real host does. Guests, disks and notes are in this process's memory and end with
 * it. The hosts move guests among themselves; to or from any other there is no way.
 */
public final class SimulatedHosts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedHosts.class);
  private static final long SHARED_BYTES = 1L << 40;

  private final MachineTimeline timeline;
  private final Map<String, DrivenHost> hosts = new LinkedHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * How they are set up.
   *
   * @param names of the hosts
   * @param address where servers reach this process
   * @param firstPort where the first host's agent serves, the next one's on the next port; 0 for
   *     any free ones
   * @param servers host:port of the servers' registries
   * @param stopPatience how long a guest may take to shut down before it is powered off
   * @param files what every host has besides /boot/vmlinuz and /boot/initrd; nobody looks inside
   */
  public record Configuration(
      List<HostName> names,
      String address,
      int firstPort,
      List<String> servers,
      Duration stopPatience,
      List<String> files,
      MutualTls tls) {
    public Configuration {
      names = List.copyOf(names);
      servers = List.copyOf(servers);
      files = List.copyOf(files);
    }

    int port(int index) {
      return firstPort == 0 ? 0 : firstPort + index;
    }
  }

  /**
   * The hosts of a process; none of them serves before {@link #start}. {@link HostTrouble} in a JVM
   * that was started without what they need.
   *
   * @param tempo the machine's, as its clock
   */
  public SimulatedHosts(Configuration configuration, Clock clock, Tempo tempo) {
    checkJvm();
    configuration.tls().check(clock);
    timeline = new MachineTimeline(tempo);
    Neighbours neighbours = new Neighbours(this::host);
    SimulatedHost.Ground ground =
        new SimulatedHost.Ground(
            timeline,
            new SplittableRandom(),
            new Images(),
            neighbours,
            new Unwatched(),
            name -> new SimulatedProcess(name, timeline, clock.instant()),
            SimulatedHost.Installed.usual());
    Disk shared = new Disk("simulated:/shared", 1, SHARED_BYTES, clock);
    DrivenHost.World world = new DrivenHost.World(configuration, ground, neighbours, shared, clock);
    for (HostName name : configuration.names()) {
      hosts.put(name.value(), new DrivenHost(name, hosts.size(), world));
    }
  }

  private static void checkJvm() {
    if (!Thread.class.getModule().isOpen("java.lang", SimulatedHosts.class.getModule())) {
      throw new HostTrouble(
          "driver = \"simulated\": expected a JVM that lets its hosts schedule their threads, found one that does not. Start it with ./godwit agent, or with --add-opens java.base/java.lang=ALL-UNNAMED.");
    }
  }

  /** One of them, by name. */
  public Optional<DrivenHost> host(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  /** All agents serve and announce themselves. */
  public void start() {
    LOG.atWarn()
        .addKeyValue("hosts", hosts.size())
        .log(
            "SIMULATED hypervisors: no guest of these hosts is real, and all of them end with this process");
    hosts.values().forEach(DrivenHost::start);
  }

  /** Waits until {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    hosts.values().forEach(DrivenHost::close);
    timeline.close();
    ended.countDown();
  }
}
