package dev.godwit.simulation.world;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.core.model.HostName;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.files.MountTable;
import dev.godwit.simulation.files.SimulatedFileSystem;
import dev.godwit.simulation.libvirt.SimulatedHost;
import dev.godwit.simulation.libvirt.SimulatedPrograms;
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
  private static final long GIB = 1L << 30;

  private final String name;
  private final World world;
  private final Disk own;
  private final MountTable mounts;
  private final FileSystem outside;
  private final SimulatedHost libvirt;
  private Optional<SimulatedAgent> agent = Optional.empty();
  private Optional<SimulatedFileSystem> agentFiles = Optional.empty();
  private final SimulatedAgent nobody;
  private boolean powered = true;

  Node(int number, World world, Disk shared, Clock clock) {
    this.name = "h" + number;
    this.world = world;
    this.own = new Disk("/dev/" + name, 256L + number, 100 * GIB, clock);
    this.mounts = new MountTable(own);
    mounts.mount("/proc", new Disk("proc", 512L + number, GIB, clock));
    mounts.mount("/run", new Disk("run", 768L + number, GIB, clock));
    mounts.mount("/shared", shared);
    this.outside = mounts.process();
    furnish();
    this.nobody =
        new SimulatedAgent(name, world.process(name + "/nobody"), world.network(), List::of);
    this.libvirt = new SimulatedHost(name, world.ground(), outside);
  }

  private void furnish() {
    try {
      Files.writeString(
          outside.getPath("/proc/meminfo"), "MemTotal: 67108864 kB\nMemAvailable: 67108864 kB\n");
      Files.writeString(outside.getPath("/proc/uptime"), "1000.00 1000.00\n");
      for (String directory :
          List.of("/etc", "/dev", "/sys/class/net", "/boot", "/var/lib/godwit/instances")) {
        Files.createDirectories(outside.getPath(directory));
      }
      Files.writeString(outside.getPath("/boot/vmlinuz"), "kernel");
      Files.writeString(outside.getPath("/boot/initrd"), "initrd");
      own.settle();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  SimulatedHost libvirt() {
    return libvirt;
  }

  boolean full() {
    return own.usableBytes() == 0;
  }

  void fill(boolean now) {
    if (now) {
      own.fill();
    } else {
      own.makeRoom();
    }
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
    SimulatedFileSystem files = mounts.process();
    SimulatedAgent fresh = new SimulatedAgent(name, process, world.network(), servers);
    agent = Optional.of(fresh);
    agentFiles = Optional.of(files);
    Machine machine =
        new Machine(
            files,
            new SimulatedPrograms(files, world.images()),
            options -> libvirt.daemon().open(options, process),
            (host, port, patience) -> world.dial(name, host),
            (_, _) -> {},
            process.clock(),
            process.tempo(),
            world.ids());
    fresh.start(configuration(files), machine);
  }

  private AgentConfiguration configuration(FileSystem files) {
    Path none = Path.of("none");
    return new AgentConfiguration(
        new HostName(name),
        name,
        1,
        files.getPath("/var/lib/godwit/agent"),
        List.of("server:1"),
        Duration.ofSeconds(2),
        new AgentConfiguration.Daemon(
            "qemu:///system", Optional.of("qemu"), "qemu+tcp://%s/system", false, name, true),
        new AgentConfiguration.Directories(
            Optional.of(files.getPath("/shared")), files.getPath("/var/lib/godwit/instances")),
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
    libvirt.die();
    own.powerLoss(world.random());
  }

  /** It is started again; its agent is, too. */
  void boot(Supplier<List<SimulatedServer>> servers) {
    if (!powered) {
      powered = true;
      libvirt.boot();
      startAgent(servers);
    }
  }

  /** What is here that belongs to nobody, by name. */
  List<String> files() {
    try {
      List<String> found = new java.util.ArrayList<>();
      for (String root : List.of("/var/lib/godwit/instances", "/shared")) {
        try (var all = Files.newDirectoryStream(outside.getPath(root))) {
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
