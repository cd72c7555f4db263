package dev.godwit.simulation.libvirt;

import java.util.HashMap;
import java.util.Map;

/**
 * libvirt's lock manager, with its lock space in a directory that all hosts share: a lease for each
 * disk that a running guest writes, by the disk's path. So it guards copies, too; and what libvirt
 * starts, not what QEMU does by itself.
 */
public final class Leases {
  private final boolean kept;
  private final Map<String, Guest> holders = new HashMap<>();

  private Leases(boolean kept) {
    this.kept = kept;
  }

  /** Every host's libvirt has loaded lockd. */
  public static Leases kept() {
    return new Leases(true);
  }

  /** No lock manager, as libvirt is installed. */
  public static Leases none() {
    return new Leases(false);
  }

  /** False when one of them is another guest's, and then it has none. */
  boolean take(Guest guest) {
    if (!kept) {
      return true;
    }
    for (String file : guest.writable) {
      Guest holder = holders.putIfAbsent(file, guest);
      if (holder != null && holder != guest) {
        release(guest);
        return false;
      }
    }
    return true;
  }

  /** It stands still, or its process is gone. */
  void release(Guest guest) {
    holders.values().removeIf(holder -> holder == guest);
  }
}
