package dev.godwit.core.migration.plan;

import java.util.List;
import java.util.Optional;

/**
 * What was proven, by trying from both hosts, to keep a guest from running on two of them.
 *
 * @param images QEMU's own lock on every shared disk that the guest writes; it guards no copies
 * @param leases libvirt's leases of every disk that the guest writes, copied ones too
 */
record GuestLock(boolean images, boolean leases) {
  /**
   * A lease counts where both daemons have loaded the one lock manager: one that has not starts the
   * guest without asking for it.
   */
  static GuestLock of(GuestFacts guest, DestinationFacts destination) {
    Optional<String> driver = guest.leases().driver();
    List<GuestFacts.DiskFacts> written =
        guest.disks().stream().filter(disk -> disk.writable() && !disk.nvram()).toList();
    boolean leased =
        driver.isPresent()
            && driver.equals(destination.leases().driver())
            && !written.isEmpty()
            && written.stream().allMatch(disk -> leased(disk.path(), guest, destination));
    return new GuestLock(destination.lockProven(), leased);
  }

  /** Held over there, and the same lease refused here. */
  private static boolean leased(String disk, GuestFacts guest, DestinationFacts destination) {
    Optional<String> held = Optional.ofNullable(guest.leases().files().get(disk));
    return held.isPresent()
        && held.equals(Optional.ofNullable(destination.leases().files().get(disk)));
  }

  boolean proven() {
    return images || leases;
  }

  /** What was found, for the operator. */
  String words(boolean shared) {
    String then = shared ? "; the hand-over is fast" : "";
    if (leases) {
      return "proven: libvirt's leases of its disks, tried from both hosts" + then;
    }
    if (shared && images) {
      return "proven: QEMU's lock on its disks" + then;
    }
    return shared
        ? "not proven; the hand-over is strict"
        : "none proven; a second copy that libvirt might start would be seen and suspended";
  }
}
