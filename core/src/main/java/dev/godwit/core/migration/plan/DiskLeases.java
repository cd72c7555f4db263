package dev.godwit.core.migration.plan;

import java.util.Map;
import java.util.Optional;

/**
 * What keeps libvirt from starting one guest on two hosts: its lock manager's leases of the guest's
 * disks, as they were seen, not as they are configured.
 *
 * @param driver the lock manager that the host's daemon has loaded, in libvirt's word (lockd,
 *     sanlock, or nop for none); empty when that cannot be seen
 * @param files where the lease of a disk is, by the disk's path: at the source the leases that its
 *     lock daemon was seen to hold, at a candidate those that were tried there and refused by the
 *     lock that the source holds
 */
public record DiskLeases(Optional<String> driver, Map<String, String> files) {
  /** Nothing is known of a lock manager. */
  public static final DiskLeases UNKNOWN = new DiskLeases(Optional.empty(), Map.of());

  public DiskLeases {
    files = Map.copyOf(files);
  }
}
