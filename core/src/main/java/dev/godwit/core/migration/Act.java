package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import java.util.List;

/** What a host's agent is told to do. Each is a desired state: a repeat is a no-op. */
public sealed interface Act {
  /**
   * Destination: make and mark the directories of these disks. Refused when another's are in the
   * way.
   */
  record PrepareDirectories(List<DiskMove> disks) implements Act {}

  /** Destination: make the targets of the copied disks. */
  record PrepareDisks(List<DiskMove> disks) implements Act {}

  /** Source: clear the autostart link. */
  record DisarmAutostart() implements Act {}

  /** Source: start libvirt's peer-to-peer move; answered as soon as the call is under way. */
  record StartTransfer(TransferPlan plan) implements Act {}

  /** Source: end the copy; before its start, see to it that it never starts. */
  record AbortTransfer() implements Act {}

  /** Source: switch to post-copy. */
  record StartPostCopy() implements Act {}

  /**
   * Source: go on with a post-copy whose link broke, by libvirt's post-copy resume. In one step the
   * agent looks at the domain and does nothing (and answers done) unless it is active, paused (13,
   * post-copy failed) and its outgoing job lives; nor while a call of its own that moves or
   * recovers this guest is under way; nor while the job's transferred bytes grew since the look
   * before (a "failed" post-copy may still end by itself, unattended). Else: when QEMU does not
   * know of the break yet (the call below is refused with "migration is still running"),
   * virDomainAbortJobFlags with VIR_DOMAIN_ABORT_JOB_POSTCOPY, which pauses the stream; then, on a
   * connection of its own and not waited for, virDomainMigrateToURI3 to the plan's destination with
   * the flags and parameters of the first call and VIR_MIGRATE_POSTCOPY_RESUME. "Actively monitored
   * by another thread" at the destination is no failure: it is tried again. The note of the
   * transfer does not change: what counts is the first call. A repeat is a no-op while it goes on.
   */
  record RecoverPostCopy(TransferPlan plan) implements Act {}

  /** Source: pause the guest, so that the copy ends; libvirt starts it at the destination. */
  record PauseToComplete() implements Act {}

  /**
   * Source: seen to have moved, else destroyed only while the move itself has it paused. Refused
   * when it runs, and when it may have run since the hand-over: that copy may be the last.
   *
   * @param looked both hosts were looked at, and it is not: seen inactive is enough, and any pause
   *     will do
   */
  record FenceSource(boolean looked) implements Act {}

  /** Either side: suspend the copy that the record does not own. */
  record SuspendStray() implements Act {}

  /** Source: resume a guest that a migration left paused; accepts one that already runs. */
  record ResumeSource() implements Act {}

  /**
   * Destination: running (or paused, when its owner wants it so), defined, autostart as it was.
   *
   * @param resume a strict hand-over resumes it here
   */
  record RunAtDestination(boolean resume, boolean autostart) implements Act {}

  /** Destination: the incoming domain or its left definition is gone; refused when it runs. */
  record ClearDestinationDomain() implements Act {}

  /** Destination: what this migration marked or made is gone, and nothing else. */
  record ClearDestinationFiles(List<DiskMove> disks) implements Act {}

  /**
   * Source: autostart as it was; a pause made by the migration lifted when asked.
   *
   * @param needed the guest lives here; else it may be gone
   */
  record RestoreSource(boolean autostart, boolean resume, boolean needed) implements Act {}

  /** Source: the inactive domain is undefined. */
  record ClearSourceDefinition() implements Act {}

  /** Source: the copied disks are gone, after every proof of libvirt-truth §7. */
  record ClearSourceFiles(List<DiskMove> disks) implements Act {}

  /** Destination: directories marked as the instance's own, no longer the migration's. */
  record OwnDestinationFiles(List<DiskMove> disks) implements Act {}
}
