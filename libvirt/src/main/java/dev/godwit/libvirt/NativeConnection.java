package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The connection of the C library. */
final class NativeConnection implements Connection {
  private final Link link;

  private NativeConnection(Link link) {
    this.link = link;
  }

  static Connection open(ConnectionOptions options) {
    return new NativeConnection(Link.open(options));
  }

  @Override
  public void close() {
    link.close();
  }

  @Override
  public boolean isOpen() {
    return link.isOpen();
  }

  @Override
  public ConnectionOptions options() {
    return link.options();
  }

  @Override
  public Subscription subscribe(Consumer<DomainEvent> consumer) {
    return link.subscribe(consumer);
  }

  @Override
  public long libvirtVersion() {
    return call(
        "get libvirt's version",
        call -> {
          MemorySegment version = call.arena().allocate(ValueLayout.JAVA_LONG);
          call.check(call.c().virConnectGetLibVersion(call.connection(), version));
          return version.get(ValueLayout.JAVA_LONG, 0);
        });
  }

  @Override
  public long hypervisorVersion() {
    return call(
        "get the hypervisor's version",
        call -> {
          MemorySegment version = call.arena().allocate(ValueLayout.JAVA_LONG);
          call.check(call.c().virConnectGetVersion(call.connection(), version));
          return version.get(ValueLayout.JAVA_LONG, 0);
        });
  }

  @Override
  public String driver() {
    return call(
        "get the driver's name",
        call ->
            Memory.borrowed(call.check(call.c().virConnectGetType(call.connection()))).orElse(""));
  }

  @Override
  public String hostname() {
    return text("get the host's name", LibvirtC::virConnectGetHostname);
  }

  @Override
  public String capabilitiesXml() {
    return text("get capabilities", LibvirtC::virConnectGetCapabilities);
  }

  private String text(
      String what, java.util.function.BiFunction<LibvirtC, MemorySegment, MemorySegment> read) {
    return call(what, call -> Memory.owned(call.check(read.apply(call.c(), call.connection()))));
  }

  @Override
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

  @Override
  public NodeInfo nodeInfo() {
    return call(
        "get node info",
        call -> {
          MemorySegment info = call.arena().allocate(64, 8);
          call.check(call.c().virNodeGetInfo(call.connection(), info));
          return Structs.nodeInfo(info);
        });
  }

  @Override
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

  @Override
  public CpuComparison compareCpu(String cpuXml) {
    return call(
        "compare a CPU",
        call ->
            CpuComparison.of(
                call.check(
                    call.c().virConnectCompareCPU(call.connection(), call.text(cpuXml), 0))));
  }

  @Override
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

  @Override
  public List<DomainSummary> list(Collection<DomainListFlag> flags) {
    return call("list domains", call -> Listing.read(call, flags));
  }

  @Override
  public Domain domain(UUID uuid) {
    return new NativeDomain(this, uuid);
  }

  @Override
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

  @Override
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

  @Override
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
