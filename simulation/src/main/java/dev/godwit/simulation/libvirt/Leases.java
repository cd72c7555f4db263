package dev.godwit.simulation.libvirt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * libvirt's lock manager, with its lock space in a directory that all hosts share: a lease for each
 * disk that a running guest writes, by the disk's path. So it guards copies, too; and what libvirt
 * starts, not what QEMU does by itself.
 */
public final class Leases {
  private final boolean kept;
  private final Map<String, Holder> holders = new HashMap<>();

  /** Hosts whose lock daemon knows of no lock space: libvirtd tells it only when it starts. */
  private final Set<String> forgetful = new HashSet<>();

  private record Holder(String host, Guest guest) {}

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
  boolean take(String host, Guest guest) {
    if (!kept) {
      return true;
    }
    if (!guest.writable.isEmpty() && forgetful.contains(host)) {
      return false;
    }
    for (String file : guest.writable) {
      Holder holder = holders.putIfAbsent(file, new Holder(host, guest));
      if (holder != null && holder.guest != guest) {
        release(guest);
        return false;
      }
    }
    return true;
  }

  /** It stands still, or its process is gone. */
  void release(Guest guest) {
    holders.values().removeIf(holder -> holder.guest == guest);
  }

  /** kill -9 of a host's lock daemon: it lets go of all that it held. */
  void lockDaemonDies(String host) {
    holders.values().removeIf(holder -> holder.host.equals(host));
    forgetful.add(host);
  }

  void libvirtdStarts(String host) {
    forgetful.remove(host);
  }

  /** Whether there is a lock manager. */
  public boolean are() {
    return kept;
  }
}
