package dev.godwit.agent.guest;

import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.ProofId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystem;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out by trying whether libvirt's lock manager keeps a guest from running on two hosts: its
 * host sees what the lock daemon there holds, another one tries to take the same.
 */
public final class Leases {
  private final FileSystem system;
  private final LockDaemon daemon;
  private final SharedProof proof;

  public Leases(FileSystem system, LockDaemon daemon, SharedProof proof) {
    this.system = system;
    this.daemon = daemon;
    this.proof = proof;
  }

  /** At the source: those of the disks that the guest writes, as far as they are held now. */
  DiskLeases held(List<GuestFacts.DiskFacts> disks) {
    return new DiskLeases(
        daemon.driver(),
        daemon.leases(
            disks.stream()
                .filter(disk -> disk.writable() && disk.local())
                .map(GuestFacts.DiskFacts::path)
                .toList()));
  }

  /** At a candidate: those that are the very files which the source holds, and are refused here. */
  DiskLeases refused(ProofId id, DiskLeases held) {
    Map<String, String> refused = new HashMap<>(held.files());
    List<String> seen = proof.seen(id, List.copyOf(held.files().values()));
    refused.values().removeIf(lease -> !seen.contains(lease) || !refuses(lease));
    return new DiskLeases(daemon.driver(), refused);
  }

  /**
   * Tried as another reader, so that a lease that was let go meanwhile is disturbed for as short as
   * can be; the lock daemon's own is exclusive, and on its file's first byte.
   */
  private boolean refuses(String lease) {
    try (FileChannel file = FileChannel.open(system.getPath(lease), StandardOpenOption.READ)) {
      FileLock lock = file.tryLock(0, 1, true);
      if (lock == null) {
        return true;
      }
      lock.release();
      return false;
    } catch (IOException | OverlappingFileLockException e) {
      // Not to be tried is not proven; a second try of this agent got the lock, too.
      return false;
    }
  }
}
