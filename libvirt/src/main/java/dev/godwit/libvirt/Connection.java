package dev.godwit.libvirt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A connection to a libvirt daemon. Every call runs on the connection's own platform thread, one at
 * a time, with a deadline; a call that has no answer in time costs this connection and nothing
 * else. May be used from any thread, virtual ones too. Whoever needs a call that blocks for long (a
 * migration) opens a connection for it.
 */
public final class Connection implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Connection.class.getName());
  private static final AtomicLong NUMBERS = new AtomicLong(1);

  private final ConnectionOptions options;
  private final HungOpens attempt;
  private final long number = NUMBERS.getAndIncrement();
  private final CallThread thread;
  private final EventSource events = new EventSource(number);
  private volatile Optional<Open> open = Optional.empty();

  /** Written by the call thread alone. */
  private volatile boolean lost;

  private record Open(LibvirtC c, MemorySegment pointer) {}

  private Connection(ConnectionOptions options, HungOpens attempt) {
    this.options = options;
    this.attempt = attempt;
    this.thread = new CallThread("libvirt-" + number, this::farewell);
  }

  /**
   * Opens a connection (virConnectOpen) with keep-alive on.
   *
   * @throws LibvirtException REPORTED when libvirt refuses, NO_ANSWER after the open deadline
   */
  public static Connection open(ConnectionOptions options) {
    Connection connection = new Connection(options, new HungOpens(options.uri()));
    try {
      connection.thread.call(
          "open " + options.uri(), options.openDeadline(), connection::connect, connection::giveUp);
    } catch (RuntimeException e) {
      connection.attempt.givenUp();
      connection.close();
      throw e;
    }
    return connection;
  }

  private boolean connect() {
    LibvirtC c = Libvirt.library();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = c.virConnectOpen(Memory.text(arena, options.uri()));
      if (Memory.isNull(pointer)) {
        throw NativeErrors.opening(c);
      }
      open = Optional.of(new Open(c, pointer));
      EventSource.register(events);
      KeepAlive alive = options.keepAlive();
      checkUnlessLocal(
          c,
          c.virConnectRegisterCloseCallback(
              pointer, Upcalls.CLOSED, MemorySegment.ofAddress(number), MemorySegment.NULL));
      checkUnlessLocal(
          c, c.virConnectSetKeepAlive(pointer, (int) alive.interval().toSeconds(), alive.count()));
      return true;
    }
  }

  /** A driver inside this process (test:///) has no daemon and says so: nothing to keep alive. */
  private static void checkUnlessLocal(LibvirtC c, int result) {
    if (result < 0) {
      LibvirtException error = NativeErrors.opening(c);
      if (error.errorCode() != ErrorCode.NO_SUPPORT) {
        throw error;
      }
    }
  }

  /** The last act of the call thread: what libvirt counts as a reference goes first. */
  private void farewell() {
    attempt.over();
    EventSource.unregister(events);
    open.ifPresent(it -> {
      events.callbacks().forEach(id -> it.c.virConnectDomainEventDeregisterAny(it.pointer, id));
      it.c.virConnectUnregisterCloseCallback(it.pointer, Upcalls.CLOSED);
      int references = it.c.virConnectClose(it.pointer);
      if (references > 0) {
        LOG.log(
            Level.WARNING,
            "libvirt keeps connection {0}: {1} references are left",
            number,
            references);
      }
    });
    open = Optional.empty();
  }

  private void giveUp() {
    thread.end("a call had no answer in time, so the connection was given up");
    events.closed(CloseReason.DEADLINE);
  }

  /** Ends the connection; returns at once, also while the daemon hangs. A repeat does nothing. */
  @Override
  public void close() {
    thread.end("the connection was closed");
    events.closed(CloseReason.CLIENT);
  }

  /** False once it was closed, given up, or libvirt said that it ended. */
  public boolean isOpen() {
    return !lost && !events.isClosed();
  }

  /** What it was opened with. */
  public ConnectionOptions options() {
    return options;
  }

  /**
   * Delivers everything that happens to domains of this host, in order, on a thread of its own.
   * After {@link DomainEvent.ConnectionClosed} nothing comes any more.
   */
  public Subscription subscribe(Consumer<DomainEvent> consumer) {
    call(
        "register for events",
        call -> {
          events.registerOnce(call);
          return true;
        });
    return events.subscribe(consumer);
  }

  /** The daemon's version (virConnectGetLibVersion): major·1000000 + minor·1000 + micro. */
  public long libvirtVersion() {
    return call(
        "get libvirt's version",
        call -> {
          MemorySegment version = call.arena().allocate(ValueLayout.JAVA_LONG);
          call.check(call.c().virConnectGetLibVersion(call.connection(), version));
          return version.get(ValueLayout.JAVA_LONG, 0);
        });
  }

  /** The hypervisor's version (virConnectGetVersion), in the same form. */
  public long hypervisorVersion() {
    return call(
        "get the hypervisor's version",
        call -> {
          MemorySegment version = call.arena().allocate(ValueLayout.JAVA_LONG);
          call.check(call.c().virConnectGetVersion(call.connection(), version));
          return version.get(ValueLayout.JAVA_LONG, 0);
        });
  }

  /** The driver's name, as QEMU (virConnectGetType). */
  public String driver() {
    return call(
        "get the driver's name",
        call ->
            Memory.borrowed(call.check(call.c().virConnectGetType(call.connection()))).orElse(""));
  }

  /** The host's own name (virConnectGetHostname). */
  public String hostname() {
    return text("get the host's name", LibvirtC::virConnectGetHostname);
  }

  /** What the host can do, with its CPU model and host UUID (virConnectGetCapabilities). */
  public String capabilitiesXml() {
    return text("get capabilities", LibvirtC::virConnectGetCapabilities);
  }

  private String text(
      String what, java.util.function.BiFunction<LibvirtC, MemorySegment, MemorySegment> read) {
    return call(what, call -> Memory.owned(call.check(read.apply(call.c(), call.connection()))));
  }

  /** What a hypervisor binary can do (virConnectGetDomainCapabilities). */
  public String domainCapabilitiesXml(Hypervisor hypervisor) {
    return call(
        "get domain capabilities",
        call ->
            Memory.owned(
                call.check(
                    call.c()
                        .virConnectGetDomainCapabilities(
                            call.connection(),
                            Memory.optional(call.arena(), hypervisor.emulator()),
                            Memory.optional(call.arena(), hypervisor.architecture()),
                            Memory.optional(call.arena(), hypervisor.machine()),
                            Memory.optional(call.arena(), hypervisor.virtType()),
                            0))));
  }

  /** The host's hardware (virNodeGetInfo). */
  public NodeInfo nodeInfo() {
    return call(
        "get node info",
        call -> {
          MemorySegment info = call.arena().allocate(64, 8);
          call.check(call.c().virNodeGetInfo(call.connection(), info));
          return Structs.nodeInfo(info);
        });
  }

  /** Memory that nothing uses, in bytes (virNodeGetFreeMemory). */
  public long freeMemoryBytes() {
    return call(
        "get free memory",
        call -> {
          long bytes = call.c().virNodeGetFreeMemory(call.connection());
          if (bytes == 0) {
            throw NativeErrors.last(call.c(), call.connection());
          }
          return bytes;
        });
  }

  /** A CPU against the host's (virConnectCompareCPU). */
  public CpuComparison compareCpu(String cpuXml) {
    return call(
        "compare a CPU",
        call ->
            CpuComparison.of(
                call.check(
                    call.c().virConnectCompareCPU(call.connection(), call.text(cpuXml), 0))));
  }

  /** A CPU against what a hypervisor there gives guests (virConnectCompareHypervisorCPU). */
  public CpuComparison compareHypervisorCpu(Hypervisor hypervisor, String cpuXml) {
    return call(
        "compare a hypervisor's CPU",
        call ->
            CpuComparison.of(
                call.check(
                    call.c()
                        .virConnectCompareHypervisorCPU(
                            call.connection(),
                            Memory.optional(call.arena(), hypervisor.emulator()),
                            Memory.optional(call.arena(), hypervisor.architecture()),
                            Memory.optional(call.arena(), hypervisor.machine()),
                            Memory.optional(call.arena(), hypervisor.virtType()),
                            call.text(cpuXml),
                            0))));
  }

  /** The domains that fit all given flags; all of them without one (virConnectListAllDomains). */
  public List<DomainSummary> list(Collection<DomainListFlag> flags) {
    return call("list domains", call -> Listing.read(call, flags));
  }

  /** A domain by its UUID; nothing is asked of the daemon yet. */
  public Domain domain(UUID uuid) {
    return new Domain(this, uuid);
  }

  /** The domain with that name, if there is one. */
  public Optional<Domain> domainNamed(String name) {
    try {
      return Optional.of(
          domain(
              call(
                  "look up " + name,
                  call ->
                      released(
                          call,
                          call.check(
                              call.c()
                                  .virDomainLookupByName(call.connection(), call.text(name)))))));
    } catch (LibvirtException e) {
      if (e.isNoDomain()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Saves a definition; the guest is not started (virDomainDefineXMLFlags). */
  public Domain define(String xml) {
    return domain(
        call(
            "define a domain",
            call ->
                released(
                    call,
                    call.check(
                        call.c().virDomainDefineXMLFlags(call.connection(), call.text(xml), 0)))));
  }

  /** Starts a guest without a definition (virDomainCreateXML). */
  public Domain create(String xml, Collection<CreateFlag> flags) {
    return domain(
        call(
            "create a domain",
            call ->
                released(
                    call,
                    call.check(
                        call.c()
                            .virDomainCreateXML(
                                call.connection(), call.text(xml), Flag.bits(flags))))));
  }

  private static UUID released(Call call, MemorySegment domain) {
    try {
      return Memory.uuid(call.c(), domain);
    } finally {
      call.c().virDomainFree(domain);
    }
  }

  /** One call on the connection's thread. */
  interface Work<T> {
    T run(Call call);
  }

  <T> T call(String what, Work<T> work) {
    return call(what, options.callDeadline(), work);
  }

  <T> T call(String what, Duration deadline, Work<T> work) {
    return thread.call(
        what,
        deadline,
        () -> {
          Open it =
              open.orElseThrow(() ->
                  LibvirtException.found(
                      LibvirtException.Kind.NOT_CONNECTED, what + " was not made: not open"));
          try (Arena arena = Arena.ofConfined()) {
            return work.run(new Call(it.c, it.pointer, arena));
          } catch (LibvirtException e) {
            lost |= e.isConnectionProblem();
            throw e;
          }
        },
        this::giveUp);
  }
}
