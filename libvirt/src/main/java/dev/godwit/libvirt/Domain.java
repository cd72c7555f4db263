package dev.godwit.libvirt;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * A domain by its UUID, on one connection. It holds nothing native, so it never outlives what it
 * means. Every method throws {@link LibvirtException}; {@link LibvirtException#isNoDomain} when the
 * host has no such domain.
 */
public interface Domain {
  UUID uuid();

  /** Its migration and other jobs. */
  DomainJob job();

  /** True when the host has it, running or defined. */
  boolean exists();

  String name();

  /** libvirt's number of this run; empty when it does not run. */
  OptionalInt id();

  /** State and reason (virDomainGetState); answered also during jobs. */
  DomainStateReason state();

  boolean isActive();

  /** True when it has a definition. */
  boolean isPersistent();

  /** Whether the host's daemon starts it at the host's start. */
  boolean autostart();

  void setAutostart(boolean wanted);

  String xml(DomainXmlFlag... flags);

  /** Starts a defined domain (virDomainCreateWithFlags). */
  void start(CreateFlag... flags);

  void suspend();

  void resume();

  /** Asks the guest to shut down; returns before it does. */
  void shutdown();

  /** Asks the guest to reboot; returns before it does. */
  void reboot();

  /** Presses the reset button. */
  void reset();

  /** Ends the guest at once. */
  void destroy();

  /**
   * Ends the guest at once, but only this run of it and only in one of these states. Both are asked
   * for in the same turn on the connection: no other call of it comes in between, but libvirt's own
   * doings may, within a millisecond or so.
   *
   * @param id libvirt's number of the run
   * @return false when it is another run or in another state, and goes on
   */
  boolean destroyIf(int id, Set<DomainState> states);

  void undefine(UndefineFlag... flags);

  boolean hasManagedSave();

  int snapshotCount();

  /**
   * Keeps an element of the caller's own in the domain, running and defined alike.
   *
   * @param element its XML, in the namespace of the URI
   * @param live also in the running domain; the definition is changed always
   */
  void setMetadata(String prefix, String uri, String element, boolean live);

  /**
   * Takes the element of that namespace away; nothing happens where there is none.
   *
   * @param live also from the running domain, not only from its definition
   */
  void removeMetadata(String uri, boolean live);

  /** The element of that namespace, if there is one. */
  Optional<String> metadata(String uri);

  /** Statistics by libvirt's names (virDomainListGetStats). */
  TypedParameters stats(Collection<StatsGroup> groups);

  /** A disk's size, by target (vda) or path. */
  BlockInfo blockInfo(String disk);

  /** The job that runs on a disk, if one does. */
  Optional<BlockJobInfo> blockJob(String disk);

  /** Begins to measure how fast the guest writes its memory; 1 to 60 whole seconds. */
  void startDirtyRate(Duration period);

  /** The measurement's result, or how far it is. */
  DirtyRate dirtyRate();
}
