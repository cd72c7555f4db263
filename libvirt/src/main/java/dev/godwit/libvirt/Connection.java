package dev.godwit.libvirt;

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
public interface Connection extends AutoCloseable {
  /**
   * Opens a connection (virConnectOpen) with keep-alive on.
   *
   * @throws LibvirtException REPORTED when libvirt refuses, NO_ANSWER after the open deadline,
   *     NOT_CONNECTED when earlier opens of the same URI hang still
   */
  static Connection open(ConnectionOptions options) {
    return NativeConnection.open(options);
  }

  /** Ends the connection; returns at once, also while the daemon hangs. A repeat does nothing. */
  @Override
  void close();

  /** False once it was closed, given up, or libvirt said that it ended. */
  boolean isOpen();

  /** What it was opened with. */
  ConnectionOptions options();

  /**
   * Delivers everything that happens to domains of this host, in order, on a thread of its own.
   * After {@link DomainEvent.ConnectionClosed} nothing comes any more.
   */
  Subscription subscribe(Consumer<DomainEvent> consumer);

  /** The daemon's version (virConnectGetLibVersion): major·1000000 + minor·1000 + micro. */
  long libvirtVersion();

  /** The hypervisor's version (virConnectGetVersion), in the same form. */
  long hypervisorVersion();

  /** The driver's name, as QEMU (virConnectGetType). */
  String driver();

  /** The host's own name (virConnectGetHostname). */
  String hostname();

  /** What the host can do, with its CPU model and host UUID (virConnectGetCapabilities). */
  String capabilitiesXml();

  /** What a hypervisor binary can do (virConnectGetDomainCapabilities). */
  String domainCapabilitiesXml(Hypervisor hypervisor);

  /** The host's hardware (virNodeGetInfo). */
  NodeInfo nodeInfo();

  /** Memory that nothing uses, in bytes (virNodeGetFreeMemory). */
  long freeMemoryBytes();

  /** A CPU against the host's (virConnectCompareCPU). */
  CpuComparison compareCpu(String cpuXml);

  /** A CPU against what a hypervisor there gives guests (virConnectCompareHypervisorCPU). */
  CpuComparison compareHypervisorCpu(Hypervisor hypervisor, String cpuXml);

  /** The domains that fit all given flags; all of them without one (virConnectListAllDomains). */
  List<DomainSummary> list(Collection<DomainListFlag> flags);

  /** A domain by its UUID; nothing is asked of the daemon yet. */
  Domain domain(UUID uuid);

  /** The domain with that name, if there is one. */
  Optional<Domain> domainNamed(String name);

  /** Saves a definition; the guest is not started (virDomainDefineXMLFlags). */
  Domain define(String xml);

  /** Starts a guest without a definition (virDomainCreateXML). */
  Domain create(String xml, Collection<CreateFlag> flags);
}
