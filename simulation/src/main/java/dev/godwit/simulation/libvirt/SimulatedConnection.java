package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.CloseReason;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.libvirt.CpuComparison;
import dev.godwit.libvirt.CreateFlag;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.DomainListFlag;
import dev.godwit.libvirt.DomainSummary;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.Hypervisor;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.NodeInfo;
import dev.godwit.libvirt.StateReason;
import dev.godwit.libvirt.Subscription;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client's connection to a simulated daemon. */
final class SimulatedConnection implements Connection {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final long MEMORY_BYTES = 64L << 30;

  private final Libvirtd daemon;
  private final ConnectionOptions options;
  private final SimulatedProcess client;
  private final ArrayDeque<DomainEvent> events = new ArrayDeque<>();
  private final List<Thread> waiting = new ArrayList<>();
  private @Nullable Thread listener;
  private boolean open = true;

  SimulatedConnection(Libvirtd daemon, ConnectionOptions options, SimulatedProcess client) {
    this.daemon = daemon;
    this.options = options;
    this.client = client;
  }

  Libvirtd daemon() {
    return daemon;
  }

  SimulatedProcess client() {
    return client;
  }

  /**
   * Answers a question, or does something, in one moment; refused while the daemon is not there.
   */
  <T> T call(String what, Supplier<T> work) {
    awaitAnswer(what, options.callDeadline());
    return work.get();
  }

  void awaitAnswer(String what, Duration deadline) {
    if (!open) {
      throw LibvirtException.found(
          LibvirtException.Kind.NOT_CONNECTED, what + ": the connection is closed");
    }
    rest(what, daemon.host().between(30, 600));
    long until = client.tempo().nanoTime() + deadline.toNanos();
    while (daemon.frozen() && open) {
      long left = until - client.tempo().nanoTime();
      if (left <= 0) {
        end(CloseReason.DEADLINE);
        throw LibvirtException.found(
            LibvirtException.Kind.NO_ANSWER, what + ": no answer within " + deadline);
      }
      park(left);
    }
    if (!open || !daemon.alive()) {
      end(CloseReason.END_OF_FILE);
      throw LibvirtException.found(
          LibvirtException.Kind.NOT_CONNECTED, what + ": Cannot recv data: Connection reset");
    }
  }

  /** Waits for what the daemon does, as long as the connection holds. */
  void await(String what, java.util.function.BooleanSupplier done) {
    long heard = client.tempo().nanoTime();
    while (!done.getAsBoolean()) {
      if (daemon.answers()) {
        heard = client.tempo().nanoTime();
      } else if (!daemon.alive() || client.tempo().nanoTime() - heard >= KEEP_ALIVE.toNanos()) {
        end(daemon.alive() ? CloseReason.KEEP_ALIVE : CloseReason.END_OF_FILE);
      }
      if (!open) {
        throw LibvirtException.found(
            LibvirtException.Kind.NOT_CONNECTED, what + ": the connection is gone");
      }
      park(LOOK.toNanos());
    }
  }

  private void park(long nanos) {
    Thread me = Thread.currentThread();
    waiting.add(me);
    client.tempo().park(Duration.ofNanos(nanos));
    waiting.remove(me);
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw LibvirtException.found(LibvirtException.Kind.INTERRUPTED, "interrupted");
    }
  }

  void rest(String what, Duration length) {
    try {
      client.tempo().rest(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LibvirtException.found(LibvirtException.Kind.INTERRUPTED, what + ": interrupted");
    }
  }

  /** Who waits for the daemon looks again. */
  void wake() {
    List.copyOf(waiting).forEach(LockSupport::unpark);
  }

  void daemonGone() {
    end(CloseReason.END_OF_FILE);
  }

  private void end(CloseReason why) {
    if (open) {
      open = false;
      daemon.closed(this);
      put(new DomainEvent.ConnectionClosed(why, client.tempo().nanoTime()));
      wake();
    }
  }

  void deliver(DomainEvent event) {
    if (open) {
      put(event);
    }
  }

  private void put(DomainEvent event) {
    if (listener != null) {
      events.add(event);
      LockSupport.unpark(listener);
    }
  }

  @Override
  public Subscription subscribe(Consumer<DomainEvent> consumer) {
    awaitAnswer("subscribe", options.callDeadline());
    client.run(
        "libvirt-events",
        () -> {
          listener = Thread.currentThread();
          deliver(consumer);
        });
    client.run("keep-alive", this::keepAlive);
    while (listener == null) {
      rest("subscribe", Duration.ofNanos(1000));
    }
    return () -> {};
  }

  private void deliver(Consumer<DomainEvent> consumer) {
    while (true) {
      DomainEvent event = events.poll();
      if (event == null) {
        LockSupport.park(this);
        continue;
      }
      rest("deliver", daemon.host().between(20, 400));
      consumer.accept(event);
      if (event instanceof DomainEvent.ConnectionClosed) {
        return;
      }
    }
  }

  /** libvirt's client gives up a daemon that is silent for that long. */
  private void keepAlive() {
    long heard = client.tempo().nanoTime();
    while (open) {
      rest("keep-alive", Duration.ofSeconds(5));
      if (daemon.answers()) {
        heard = client.tempo().nanoTime();
      } else if (client.tempo().nanoTime() - heard >= KEEP_ALIVE.toNanos()) {
        end(CloseReason.KEEP_ALIVE);
      }
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      daemon.closed(this);
      wake();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public ConnectionOptions options() {
    return options;
  }

  @Override
  public long libvirtVersion() {
    return call("version", () -> 9_000_000L);
  }

  @Override
  public long hypervisorVersion() {
    return call("hypervisor's version", () -> 9_002_000L);
  }

  /** Said wherever a host says what it is: nobody takes it for a real one. */
  @Override
  public String driver() {
    return "simulated";
  }

  @Override
  public String hostname() {
    return call("host's name", () -> daemon.host().name());
  }

  @Override
  public String capabilitiesXml() {
    return call("capabilities", () -> Capabilities.of(daemon.host().name()));
  }

  @Override
  public String domainCapabilitiesXml(Hypervisor hypervisor) {
    return call("domain capabilities", () -> "<domainCapabilities/>");
  }

  @Override
  public NodeInfo nodeInfo() {
    return call("node info", () -> new NodeInfo("x86_64", MEMORY_BYTES, 16, 2000, 1, 1, 16, 1));
  }

  @Override
  public long freeMemoryBytes() {
    return call("free memory", () -> MEMORY_BYTES);
  }

  @Override
  public CpuComparison compareCpu(String cpuXml) {
    return call("compare a CPU", () -> CpuComparison.IDENTICAL);
  }

  @Override
  public CpuComparison compareHypervisorCpu(Hypervisor hypervisor, String cpuXml) {
    return compareCpu(cpuXml);
  }

  @Override
  public List<DomainSummary> list(Collection<DomainListFlag> flags) {
    return call(
        "list",
        () -> {
          Map<UUID, DomainSummary> found = new LinkedHashMap<>();
          SimulatedHost host = daemon.host();
          TreeSet<UUID> all = new TreeSet<>(host.definitions.keySet());
          all.addAll(host.guests.keySet());
          for (UUID uuid : all) {
            Optional<Guest> guest = host.guest(uuid);
            String name =
                guest.map(it -> it.name).orElseGet(() -> host.definition(uuid).xml().name());
            OptionalInt id = guest.map(it -> OptionalInt.of(it.id)).orElseGet(OptionalInt::empty);
            found.put(uuid, new DomainSummary(uuid, name, id));
          }
          return List.copyOf(found.values());
        });
  }

  @Override
  public Domain domain(UUID uuid) {
    return new SimulatedDomain(this, uuid);
  }

  @Override
  public Optional<Domain> domainNamed(String name) {
    return list(List.of()).stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .map(it -> domain(it.uuid()));
  }

  @Override
  public Domain define(String xml) {
    DomainXml parsed = DomainXml.parse(xml);
    call(
        "define",
        () -> {
          SimulatedHost.Definition known = daemon.host().definitions.get(parsed.uuid());
          daemon.define(parsed, known != null && known.autostart());
          return true;
        });
    return domain(parsed.uuid());
  }

  @Override
  public Domain create(String xml, Collection<CreateFlag> flags) {
    DomainXml parsed = DomainXml.parse(xml);
    call(
        "create",
        () -> {
          SimulatedHost host = daemon.host();
          if (host.guests.containsKey(parsed.uuid())
              || host.definitions.containsKey(parsed.uuid())) {
            throw LibvirtException.reported(ErrorCode.OPERATION_FAILED, "domain exists already");
          }
          daemon.start(
              new SimulatedHost.Definition(parsed, false), flags.contains(CreateFlag.PAUSED));
          return true;
        });
    return domain(parsed.uuid());
  }

  /** For a guest that never ran; the daemon's own way to end it. */
  static void failed(Libvirtd daemon, Guest guest) {
    daemon.host().end(guest, StateReason.SHUTOFF_FAILED, false);
    daemon.emit(guest, LifecycleDetail.STOPPED_FAILED);
  }
}
