package dev.godwit.core.migration.transfer;

/** Why a domain is in its state: the reasons of libvirt that the decision table tells apart. */
public enum StateReason {
  /** paused (1): by its owner, or a strict hand-over's arrival. */
  USER,
  /** paused (2): by a migration. */
  MIGRATION,
  /** paused (5). */
  IO_ERROR,
  /** paused (11): an incoming QEMU that is starting. */
  STARTING_UP,
  /** running (10) at the destination, paused (12) at the source. */
  POST_COPY,
  /** running (11) at the destination, paused (13) at the source. */
  POST_COPY_FAILED,
  /** paused (14): a refused resume, since libvirt 9.2. */
  API_ERROR,
  /** running (2), shut off (4). */
  MIGRATED,
  /** running (5) or (6), and whatever else does not matter. */
  OTHER
}
