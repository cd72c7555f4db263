package dev.godwit.simulation.world;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.core.model.HostName;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.files.SimulatedFileSystem;
import dev.godwit.simulation.libvirt.SimulatedHost;
import dev.godwit.simulation.libvirt.SimulatedMachine;
import dev.godwit.simulation.libvirt.SimulatedPrograms.Manner;
import dev.godwit.simulation.net.SimulatedAgent;
import dev.godwit.simulation.net.SimulatedServer;
import dev.godwit.simulation.time.SimulatedProcess;
import dev.godwit.wire.MutualTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A host of the world: its disks, its libvirt, its agent. */
final class Node {
  private final String name;
  private final World world;
  private final SimulatedMachine machine;
  private Optional<SimulatedAgent> agent = Optional.empty();
  private Optional<SimulatedFileSystem> agentFiles = Optional.empty();
  private final SimulatedAgent nobody;
  private boolean powered = true;
  private long copiesStopped;

  Node(int number, World world, Disk shared, Clock clock) {
    this.name = "h" + number;
    this.world = world;
    this.machine = new SimulatedMachine(name, number, world.ground(), shared, clock);
    this.nobody =
        new SimulatedAgent(name, world.process(name + "/nobody"), world.network(), List::of);
  }

  String name() {
    return name;
  }

  SimulatedHost libvirt() {
    return machine.libvirt();
  }

  /** For a copy that grows there. */
  boolean full() {
    boolean full = machine.own().usableBytes() == 0;
    copiesStopped += full ? 1 : 0;
    return full;
  }

  /** How often somebody found no room. */
  long refusals() {
    return machine.own().refusals() + copiesStopped;
  }

  void fill(boolean now) {
    if (now) {
      machine.own().fill();
    } else {
      machine.own().makeRoom();
    }
  }

  void programs(Manner now) {
    machine.programs(now);
  }

  /** How many of its programs fared otherwise than well. */
  long misbehaved() {
    return machine.misbehaved();
  }

  Optional<SimulatedAgent> agent() {
    return powered ? agent.filter(it -> it.process().alive()) : Optional.empty();
  }

  /** Says for the host that nobody serves. */
  SimulatedAgent nobody() {
    return nobody;
  }

  /** True when there is nobody who could say that the connection is refused. */
  boolean dark() {
    return !powered;
  }

  void startAgent(Supplier<List<SimulatedServer>> servers) {
    if (!powered || agent().isPresent()) {
      return;
    }
    SimulatedProcess process = world.process(name + "/agent");
    SimulatedFileSystem files = machine.process();
    SimulatedAgent fresh = new SimulatedAgent(name, process, world.network(), servers);
    agent = Optional.of(fresh);
    agentFiles = Optional.of(files);
    fresh.start(
        configuration(files),
        machine.under(
            process,
            files,
            (host, port, patience) -> world.dial(name, host),
            process.clock(),
            world.ids()),
        world.rules());
  }

  private AgentConfiguration configuration(FileSystem files) {
    Path none = Path.of("none");
    return new AgentConfiguration(
        new HostName(name),
        name,
        1,
        SimulatedMachine.state(files),
        List.of("server:1"),
        Duration.ofSeconds(2),
        SimulatedMachine.daemon(name),
        SimulatedMachine.directories(files),
        Optional.empty(),
        new MutualTls(none, none, none));
  }

  void killAgent() {
    agent.ifPresent(it -> it.process().kill());
    agentFiles.ifPresent(Node::close);
    agent = Optional.empty();
    agentFiles = Optional.empty();
  }

  private static void close(SimulatedFileSystem files) {
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The power goes: what was not forced to the disk may be gone. */
  void die() {
    powered = false;
    killAgent();
    machine.libvirt().die();
    machine.own().powerLoss(world.random());
  }

  /** It is started again; its agent is, too. */
  void boot(Supplier<List<SimulatedServer>> servers) {
    if (!powered) {
      powered = true;
      machine.libvirt().boot();
      startAgent(servers);
    }
  }

  /** What moves wrote down here. */
  Traces traces() {
    return new Traces(machine.outside());
  }

  /** Its own directory of guests' disks, seen from outside. */
  Path directory() {
    return machine.outside().getPath(SimulatedMachine.INSTANCES.getFirst());
  }

  /** What is here that belongs to nobody, by name. */
  List<String> files() {
    try {
      List<String> found = new java.util.ArrayList<>();
      for (String root : SimulatedMachine.INSTANCES) {
        try (var all = Files.newDirectoryStream(machine.outside().getPath(root))) {
          for (Path path : all) {
            list(path, found);
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void list(Path path, List<String> found) throws IOException {
    if (!Files.isDirectory(path)) {
      found.add(path.toString());
      return;
    }
    found.add(path + "/");
    try (var all = Files.newDirectoryStream(path)) {
      for (Path inside : all) {
        list(inside, found);
      }
    }
  }
}
