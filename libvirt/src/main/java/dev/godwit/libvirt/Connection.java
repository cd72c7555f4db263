package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A connection to a libvirt daemon. Every call runs on the connection's own platform thread, one at
 * a time, with a deadline; a call that has no answer in time costs this connection and nothing
 * else. May be used from any thread, virtual ones too. Whoever needs a call that blocks for long (a
 * migration) opens a connection for it.
 */
public final class Connection implements AutoCloseable {
  private final Link link;

  private Connection(Link link) {
    this.link = link;
  }

  /**
   * Opens a connection (virConnectOpen) with keep-alive on.
   *
   * @throws LibvirtException REPORTED when libvirt refuses, NO_ANSWER after the open deadline,
   *     NOT_CONNECTED when earlier opens of the same URI hang still
   */
  public static Connection open(ConnectionOptions options) {
    return new Connection(Link.open(options));
  }

  /** Ends the connection; returns at once, also while the daemon hangs. A repeat does nothing. */
  @Override
  public void close() {
    link.close();
  }

  /** False once it was closed, given up, or libvirt said that it ended. */
  public boolean isOpen() {
    return link.isOpen();
  }

  /** What it was opened with. */
  public ConnectionOptions options() {
    return link.options();
  }

  /**
   * Delivers everything that happens to domains of this host, in order, on a thread of its own.
   * After {@link DomainEvent.ConnectionClosed} nothing comes any more.
   */
  public Subscription subscribe(Consumer<DomainEvent> consumer) {
    return link.subscribe(consumer);
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
    return link.call(what, options().callDeadline(), work);
  }

  <T> T call(String what, Duration deadline, Work<T> work) {
    return link.call(what, deadline, work);
  }
}
