package dev.godwit.simulation.libvirt;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.files.MountTable;
import dev.godwit.simulation.files.SimulatedFileSystem;
import dev.godwit.simulation.libvirt.SimulatedPrograms.Manner;
import dev.godwit.simulation.time.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** A hypervisor host, whole: its disks, what stands on them, its libvirt. */
public final class SimulatedMachine {
  /** The {@link #directories}, for whoever looks from outside. */
  public static final List<String> INSTANCES = List.of("/var/lib/godwit/instances", "/shared");

  private static final long GIB = 1L << 30;
  private static final int DEVICES = 4;

  private final Disk own;
  private final MountTable mounts;
  private final FileSystem outside;
  private final SimulatedHost libvirt;
  private final Images images;
  private Manner manner = Manner.WELL;
  private long misbehaved;

  /**
   * A machine.
   *
   * @param number another for each of a world, from 1
   * @param shared the disk that all hosts have at /shared
   */
  public SimulatedMachine(
      String name, int number, SimulatedHost.Ground ground, Disk shared, Clock clock) {
    long device = 256L + (long) DEVICES * number;
    this.own = new Disk("/dev/" + name, device, 100 * GIB, clock);
    this.mounts = new MountTable(own);
    mounts.mount("/proc", new Disk("proc", device + 1, GIB, clock));
    mounts.mount("/run", new Disk("run", device + 2, GIB, clock));
    mounts.mount("/shared", shared);
    this.outside = mounts.process();
    furnish();
    this.libvirt = new SimulatedHost(name, ground, outside);
    this.images = ground.images();
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

  /** Its own disk. */
  public Disk own() {
    return own;
  }

  /** Its files, as its kernel sees them. */
  public FileSystem outside() {
    return outside;
  }

  public SimulatedHost libvirt() {
    return libvirt;
  }

  /** How its programs fare from now on. */
  public void programs(Manner now) {
    manner = now;
  }

  /** How many fared otherwise than well. */
  public long misbehaved() {
    return misbehaved;
  }

  private Manner manner() {
    misbehaved += manner == Manner.WELL ? 0 : 1;
    return manner;
  }

  /** Its files for a process that begins. */
  public SimulatedFileSystem process() {
    return mounts.process();
  }

  /**
   * What an agent stands on that is this process.
   *
   * @param files the process's
   * @param clock tells it the time of day
   */
  public Machine under(
      SimulatedProcess process,
      FileSystem files,
      LinkTrial.Dialer dialer,
      Clock clock,
      Supplier<UUID> ids) {
    return new Machine(
        files,
        new SimulatedPrograms(files, images, this::manner, process.tempo()),
        options -> libvirt.daemon().open(options, process),
        dialer,
        // Its streams break when their link does; no kernel has to find out.
        (_, _) -> {},
        clock,
        process.tempo(),
        ids);
  }

  /** The agent's own notes. */
  public static Path state(FileSystem files) {
    return files.getPath("/var/lib/godwit/agent");
  }

  /** Where its guests' disks are. */
  public static AgentConfiguration.Directories directories(FileSystem files) {
    return new AgentConfiguration.Directories(
        Optional.of(files.getPath("/shared")), files.getPath("/var/lib/godwit/instances"));
  }

  /**
   * Its daemon.
   *
   * @param address of this host among the simulated ones
   */
  public static AgentConfiguration.Daemon daemon(String address) {
    return new AgentConfiguration.Daemon(
        "qemu:///system",
        Optional.of("qemu"),
        "qemu+tcp://" + address + "/system",
        false,
        address,
        true);
  }
}
