package dev.godwit.simulation.driver;

import dev.godwit.agent.Agent;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.core.model.HostName;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.files.SimulatedFileSystem;
import dev.godwit.simulation.libvirt.SimulatedHost;
import dev.godwit.simulation.libvirt.SimulatedMachine;
import dev.godwit.simulation.time.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * One simulated host and its real agent. Whatever it does is done in the world's own thread; who
 * asks from outside waits for it.
 */
public final class DrivenHost implements AutoCloseable {
  private final HostName name;
  private final SimulatedHosts.Configuration configuration;
  private final int port;
  private final SimulatedHost.Ground ground;
  private final Neighbours neighbours;
  private final Clock clock;
  private final SimulatedMachine machine;
  private final SimulatedProcess outsider;
  private Optional<Run> run = Optional.empty();

  /** What all hosts of a process have in common. */
  record World(
      SimulatedHosts.Configuration configuration,
      SimulatedHost.Ground ground,
      Neighbours neighbours,
      Disk shared,
      Clock clock) {}

  /** One run of the agent, from its start to its end. */
  private record Run(SimulatedProcess process, SimulatedFileSystem files, Agent agent) {}

  DrivenHost(HostName name, int index, World world) {
    this.name = name;
    this.configuration = world.configuration;
    this.port = configuration.port(index);
    this.ground = world.ground;
    this.neighbours = world.neighbours;
    this.clock = world.clock;
    this.machine = new SimulatedMachine(name.value(), index + 1, ground, world.shared, clock);
    this.outsider = process("outside");
    configuration.files().forEach(file -> put(machine.outside().getPath(file), "simulated"));
    // The same host after each start, to a server that knows it: nothing else of it is kept.
    UUID id = UUID.nameUUIDFromBytes(("simulated " + name).getBytes(StandardCharsets.UTF_8));
    put(SimulatedMachine.state(machine.outside()).resolve("identity"), id + "\n");
  }

  private SimulatedProcess process(String which) {
    return ground.process().apply(name + "/" + which);
  }

  private void put(Path file, String content) {
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, content);
      machine.own().settle();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SimulatedHost libvirt() {
    return machine.libvirt();
  }

  boolean full() {
    return machine.own().usableBytes() == 0;
  }

  /** Its agent begins, and serves when it has found again what was under way. */
  public void start() {
    SimulatedProcess process = process("agent");
    SimulatedFileSystem files = machine.process();
    Machine under =
        machine.under(
            process, files, (host, at, patience) -> neighbours.dial(host), clock, UUID::randomUUID);
    Agent agent =
        Outside.ask(
            process,
            () -> {
              Agent fresh = new Agent(settings(files), under, process.threads("call"));
              fresh.start();
              return fresh;
            });
    run = Optional.of(new Run(process, files, agent));
  }

  private AgentConfiguration settings(FileSystem files) {
    return new AgentConfiguration(
        name,
        configuration.address(),
        port,
        SimulatedMachine.state(files),
        configuration.servers(),
        configuration.stopPatience(),
        SimulatedMachine.daemon(Neighbours.address(name.value())),
        SimulatedMachine.directories(files),
        Optional.empty(),
        configuration.tls());
  }

  /** Where its agent serves. */
  public int port() {
    return run.orElseThrow().agent.port();
  }

  /** How the other hosts' libvirt reaches this one's. */
  public String address() {
    return Neighbours.address(name.value());
  }

  /** Asks its libvirt, as virsh does, beside the agent. */
  public <T> T libvirt(Function<Connection, T> work) {
    return Outside.ask(
        outsider,
        () -> {
          try (Connection connection =
              libvirt().daemon().open(ConnectionOptions.to("qemu:///system"), outsider)) {
            return work.apply(connection);
          }
        });
  }

  /** Looks at its files, or changes them. */
  public <T> T files(Function<FileSystem, T> work) {
    return Outside.ask(outsider, () -> work.apply(machine.outside()));
  }

  /** kill -9 of its libvirt daemon; its guests go on. */
  public void killDaemon() {
    Outside.ask(
        outsider,
        () -> {
          libvirt().killDaemon();
          return true;
        });
  }

  /** A new daemon takes over what it finds. */
  public void startDaemon() {
    Outside.ask(
        outsider,
        () -> {
          libvirt().startDaemon();
          return true;
        });
  }

  /** Its agent ends; the guests go on. */
  @Override
  public void close() {
    run.ifPresent(DrivenHost::end);
    run = Optional.empty();
  }

  private static void end(Run run) {
    Outside.ask(
        run.process,
        () -> {
          run.agent.close();
          return true;
        });
    run.process.kill();
    try {
      run.files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
