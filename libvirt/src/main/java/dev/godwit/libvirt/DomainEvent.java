package dev.godwit.libvirt;

import java.util.UUID;

/**
 * Something that happened on a host. {@code arrivedNanos} is {@link System#nanoTime} at the moment
 * libvirt's event loop delivered it.
 */
public sealed interface DomainEvent {
  /** When it arrived in this process. */
  long arrivedNanos();

  /**
   * A domain changed what it does.
   *
   * @param detailCode libvirt's number, also when {@code detail} is UNKNOWN
   */
  record Lifecycle(
      UUID uuid,
      String name,
      LifecycleEvent event,
      LifecycleDetail detail,
      int detailCode,
      long arrivedNanos)
      implements DomainEvent {}

  /** A job is over; libvirt sends this for jobs that went well. */
  record JobCompleted(UUID uuid, JobStats stats, long arrivedNanos) implements DomainEvent {}

  /** A migration begins to go through the memory once more. */
  record MigrationIteration(UUID uuid, int iteration, long arrivedNanos) implements DomainEvent {}

  /**
   * A disk failed.
   *
   * @param sourcePath the host's file or device
   * @param deviceAlias libvirt's name of the disk
   * @param reason as "enospc"; empty when libvirt does not know
   */
  record IoError(
      UUID uuid,
      String sourcePath,
      String deviceAlias,
      IoErrorAction action,
      String reason,
      long arrivedNanos)
      implements DomainEvent {}

  /** The guest gave a device back. */
  record DeviceRemoved(UUID uuid, String deviceAlias, long arrivedNanos) implements DomainEvent {}

  /** The agent inside the guest came or went. */
  record AgentLifecycle(UUID uuid, AgentState state, int reasonCode, long arrivedNanos)
      implements DomainEvent {}

  /** The connection ended; nothing comes after it on this subscription. */
  record ConnectionClosed(CloseReason reason, long arrivedNanos) implements DomainEvent {}

  /** The subscriber was too slow and this many events were dropped: look at the host anew. */
  record Dropped(int count, long arrivedNanos) implements DomainEvent {}
}
