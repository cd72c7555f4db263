package dev.godwit.libvirt;

/** Flags of a migration (virDomainMigrateFlags). */
public enum MigrateFlag implements Flag {
  /** The guest runs while its memory is copied. */
  LIVE(1 << 0),
  /** The source daemon speaks to the destination daemon itself; the copy outlives the client. */
  PEER2PEER(1 << 1),
  TUNNELLED(1 << 2),
  /** The destination keeps a definition; it is saved before the vCPUs start there. */
  PERSIST_DEST(1 << 3),
  UNDEFINE_SOURCE(1 << 4),
  /** The guest stays paused at the destination. */
  PAUSED(1 << 5),
  /** All writable disks (or those named) are copied. */
  NON_SHARED_DISK(1 << 6),
  /** As NON_SHARED_DISK, but only the top layer of each disk. */
  NON_SHARED_INC(1 << 7),
  CHANGE_PROTECTION(1 << 8),
  /** The caller vouches for the storage where libvirt cannot see that it is safe. */
  UNSAFE(1 << 9),
  OFFLINE(1 << 10),
  COMPRESSED(1 << 11),
  /** An I/O error of the guest ends the migration. */
  ABORT_ON_ERROR(1 << 12),
  /** The guest is throttled until it can be moved. */
  AUTO_CONVERGE(1 << 13),
  RDMA_PIN_ALL(1 << 14),
  /** A later switch to post-copy is allowed; it does not start it. */
  POSTCOPY(1 << 15),
  /** QEMU's own TLS for memory and disks. */
  TLS(1 << 16),
  /** Several connections for the memory. */
  PARALLEL(1 << 17),
  NON_SHARED_SYNCHRONOUS_WRITES(1 << 18),
  /** Goes on with a broken post-copy; needs the flags and parameters of the first call too. */
  POSTCOPY_RESUME(1 << 19),
  ZEROCOPY(1 << 20);

  private final int bit;

  MigrateFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}
