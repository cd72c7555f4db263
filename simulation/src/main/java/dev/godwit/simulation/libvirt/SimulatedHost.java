package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.time.SimulatedProcess;
import dev.godwit.simulation.time.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A hypervisor host: its definitions, which outlive all, its guests, and its daemon. */
public final class SimulatedHost {
  private final String name;
  private final Ground ground;
  private final FileSystem files;
  final Map<UUID, Definition> definitions = new TreeMap<>();
  final Map<UUID, Guest> guests = new TreeMap<>();

  /** How a domain's last run ended, as the daemon remembers it. */
  final Map<UUID, StateReason> ends = new HashMap<>();

  private Libvirtd daemon;
  private int lastId;
  private long lastPid = 1000;

  /**
   * What all hosts stand on.
   *
   * @param process makes a process of that name
   */
  public record Ground(
      Timeline timeline,
      RandomGenerator random,
      Images images,
      Peers peers,
      Witnesses witnesses,
      Function<String, SimulatedProcess> process,
      Installed libvirt) {}

  /** The libvirt of all hosts. */
  public record Installed(Release release, Leases leases) {
    /** As Debian 12 has it. */
    public static Installed usual() {
      return new Installed(Release.BEFORE_9_2, Leases.none());
    }
  }

  /** A domain's definition. */
  record Definition(DomainXml xml, boolean autostart) {
    Definition autostart(boolean wanted) {
      return new Definition(xml, wanted);
    }
  }

  public SimulatedHost(String name, Ground ground, FileSystem files) {
    this.name = name;
    this.ground = ground;
    this.files = files;
    this.daemon = new Libvirtd(this, ground.process.apply(name + "/libvirtd"));
  }

  public String name() {
    return name;
  }

  public Libvirtd daemon() {
    return daemon;
  }

  Ground ground() {
    return ground;
  }

  Path path(String file) {
    return files.getPath(file);
  }

  Duration between(int leastMicros, int mostMicros) {
    return Duration.ofNanos(1000L * ground.random.nextInt(leastMicros, mostMicros));
  }

  Optional<Guest> guest(UUID uuid) {
    return Optional.ofNullable(guests.get(uuid));
  }

  /** A QEMU is started; it does not run yet. */
  Guest launch(DomainXml xml, Guest.Memory memory) {
    Guest guest = new Guest(xml.uuid(), xml, ++lastId, ++lastPid, memory);
    guests.put(guest.uuid, guest);
    ends.remove(guest.uuid);
    open(guest);
    return guest;
  }

  /** What it has open is seen in /proc. */
  private void open(Guest guest) {
    try {
      Path descriptors = path("/proc/" + guest.pid + "/fd");
      Files.createDirectories(descriptors);
      int number = 3;
      for (String file : guest.writable) {
        Files.createSymbolicLink(descriptors.resolve(Integer.toString(number++)), path(file));
      }
      Path pids = path("/run/libvirt/qemu");
      Files.createDirectories(pids);
      Files.writeString(pids.resolve(guest.name + ".pid"), guest.pid + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** libvirt has its vCPUs run; false when a lease, or a lock on an image, is another's. */
  boolean go(Guest guest, StateReason why, boolean byLibvirt) {
    if (!leases().take(name, guest)) {
      return false;
    }
    boolean goes = goes(guest, why, byLibvirt);
    if (!goes) {
      leases().release(guest);
    }
    return goes;
  }

  private Leases leases() {
    return ground.libvirt.leases();
  }

  /** QEMU runs its guest again, and asks no lock manager; false when a lock is another's. */
  boolean goesByItself(Guest guest, StateReason why) {
    return goes(guest, why, true);
  }

  private boolean goes(Guest guest, StateReason why, boolean byLibvirt) {
    for (String file : guest.writable) {
      if (!ground.images.lock(path(file), guest)) {
        ground.images.unlock(guest);
        return false;
      }
    }
    boolean older = false;
    long run = ground.images.newRun(guest.uuid);
    for (String file : guest.writable) {
      long before = ground.images.writtenBy(path(file));
      older |= guest.memory.written != 0 && before != guest.memory.written;
      ground.images.write(path(file), run);
    }
    guest.memory.written = run;
    guest.is(DomainState.RUNNING, why);
    ground.witnesses.runs(name, guest.uuid, byLibvirt, older);
    return true;
  }

  void pause(Guest guest, StateReason why) {
    boolean ran = guest.running();
    guest.is(DomainState.PAUSED, why);
    leases().release(guest);
    if (ran) {
      ground.witnesses.pauses(name, guest.uuid);
    }
  }

  /** Its process is gone. */
  void end(Guest guest, StateReason how, boolean byItself) {
    if (guest.gone) {
      return;
    }
    guest.gone = true;
    ground.images.unlock(guest);
    leases().release(guest);
    guests.remove(guest.uuid, guest);
    ends.put(guest.uuid, how);
    close(guest);
    ground.witnesses.ends(name, guest.uuid, how.toString(), byItself);
  }

  private void close(Guest guest) {
    try {
      Path process = path("/proc/" + guest.pid);
      try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          Files.delete(descriptor);
        }
      }
      Files.delete(process.resolve("fd"));
      Files.delete(process);
      Files.deleteIfExists(path("/run/libvirt/qemu/" + guest.name + ".pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * kill -9 of the daemon; its guests go on, and how others ended nobody tells any more. What ends
   * from now on the next daemon finds in that state.
   */
  public void killDaemon() {
    daemon.kill();
    ends.clear();
  }

  /** kill -9 of its lock daemon, which the next run of libvirtd sets up again. */
  public void killLockDaemon() {
    leases().lockDaemonDies(name);
  }

  /** A new daemon takes over what it finds. */
  public void startDaemon() {
    if (!daemon.alive()) {
      daemon = new Libvirtd(this, ground.process.apply(name + "/libvirtd"));
      leases().libvirtdStarts(name);
      daemon.recover();
    }
  }

  /** The power goes. */
  public void die() {
    daemon.kill();
    for (Guest guest : new ArrayList<>(guests.values())) {
      end(guest, StateReason.SHUTOFF_UNSPECIFIED, false);
    }
    ends.clear();
  }

  /** Guests whose definition says so are started by the daemon of a host that was started. */
  public void boot() {
    startDaemon();
    for (Definition definition : List.copyOf(definitions.values())) {
      if (definition.autostart && !guests.containsKey(definition.xml.uuid())) {
        daemon.start(definition, false);
      }
    }
  }

  /** kill -9 of a guest's QEMU, if there is one. */
  public void killQemu(UUID uuid) {
    guest(uuid).ifPresent(guest -> daemon.qemuGone(guest, StateReason.SHUTOFF_CRASHED, false));
  }

  /** virsh destroy, if it is here. */
  public void destroyed(UUID uuid) {
    guest(uuid).ifPresent(daemon::destroy);
  }

  /** virsh resume, if it stands still here and its lock lets it go. */
  public void resumed(UUID uuid) {
    guest(uuid)
        .ifPresent(guest -> {
          boolean _ = resume(guest);
        });
  }

  /** False when a lock on an image is another's; one that does not stand still is left alone. */
  boolean resume(Guest guest) {
    if (guest.state != DomainState.PAUSED) {
      return true;
    }
    if (!go(guest, StateReason.RUNNING_UNPAUSED, false)) {
      return false;
    }
    daemon.emit(guest, LifecycleDetail.RESUMED_UNPAUSED);
    return true;
  }

  /** The guest shuts itself down, if it runs here. */
  public void shutDown(UUID uuid) {
    guest(uuid)
        .filter(
            guest -> guest.running() && guest.postCopy.filter(PostCopy::destinationHangs).isEmpty())
        .ifPresent(guest -> daemon.qemuGone(guest, StateReason.SHUTOFF_SHUTDOWN, true));
  }

  Definition definition(UUID uuid) {
    return java.util.Objects.requireNonNull(definitions.get(uuid));
  }

  // What is seen from outside.

  /** All of which more is here than half a copy. */
  public List<UUID> guests() {
    return guests.keySet().stream().filter(this::holds).toList();
  }

  public boolean has(UUID uuid) {
    return guests.containsKey(uuid);
  }

  /** True when a process has it whole, or has run it: a copy that still comes in has not. */
  public boolean holds(UUID uuid) {
    return guest(uuid).map(guest -> guest.phase != Guest.Phase.PREPARE).orElse(false);
  }

  /** True when it could go on here, and no move of libvirt's can take it back any more. */
  public boolean lives(UUID uuid) {
    return restsPaused(uuid) || (runs(uuid) && (inPostCopy(uuid) || !moves(uuid)));
  }

  public boolean runs(UUID uuid) {
    return guest(uuid).map(Guest::running).orElse(false);
  }

  /** True for a guest that its owner, or a hand-over, has paused, and no move is under way. */
  public boolean restsPaused(UUID uuid) {
    return guest(uuid)
        .map(guest -> guest.state == DomainState.PAUSED && guest.job == Guest.Job.NONE)
        .orElse(false);
  }

  public boolean defines(UUID uuid) {
    return definitions.containsKey(uuid);
  }

  /** Its writable disks that are gone, or are older than what it did since on another host. */
  public List<String> staleDisks(UUID uuid) {
    return Optional.ofNullable(definitions.get(uuid)).stream()
        .flatMap(definition -> definition.xml().files().values().stream())
        .filter(file -> ground.images.writtenBy(path(file)) < ground.images.newestRun(uuid))
        .sorted()
        .toList();
  }

  /** True when its XML, running or defined, has a migration's mark. */
  public boolean marks(UUID uuid) {
    return Stream.concat(
            guest(uuid).map(guest -> guest.xml).stream(),
            Optional.ofNullable(definitions.get(uuid)).map(Definition::xml).stream())
        .anyMatch(xml -> xml.text().contains("godwit.dev/ns/migration"));
  }

  public boolean autostarts(UUID uuid) {
    return Optional.ofNullable(definitions.get(uuid)).map(Definition::autostart).orElse(false);
  }

  /** True when it comes in from another host, or goes to one. */
  public boolean moves(UUID uuid) {
    return guest(uuid).map(guest -> guest.job != Guest.Job.NONE).orElse(false);
  }

  /** True while a guest that has begun a post-copy has not all its memory in one place. */
  public boolean inPostCopy(UUID uuid) {
    return guest(uuid).flatMap(guest -> guest.postCopy).map(PostCopy::goesOn).orElse(false);
  }

  /** What is here of it, in words. */
  public String describe(UUID uuid) {
    return guest(uuid).map(Guest::toString).orElse("no process")
        + (defines(uuid) ? ", defined" : "")
        + (autostarts(uuid) ? ", autostart" : "");
  }
}
