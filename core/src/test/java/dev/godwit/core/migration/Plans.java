package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.DiskMove.Mode;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import java.util.List;
import java.util.Optional;

/** Plans for a guest with one writable disk, for tests. */
public final class Plans {
  private Plans() {}

  /** The disk is copied; libvirt starts the destination. */
  public static TransferPlan copied() {
    return plan(Mode.COPIED, HandOver.FAST, false, false);
  }

  /** The disk is shared and a lock guards it. */
  public static TransferPlan shared() {
    return plan(Mode.SHARED, HandOver.FAST, false, false);
  }

  /** The disk is shared without a lock; the destination arrives paused. */
  public static TransferPlan strict() {
    return plan(Mode.SHARED, HandOver.STRICT, false, false);
  }

  /** The disk is copied; the destination arrives paused all the same. */
  public static TransferPlan strictCopied() {
    return plan(Mode.COPIED, HandOver.STRICT, false, false);
  }

  /** Its owner had paused the guest. */
  public static TransferPlan ownerPaused() {
    return plan(Mode.COPIED, HandOver.FAST, true, false);
  }

  /** Its owner had paused the guest, and its disk is shared without a lock. */
  public static TransferPlan ownerPausedStrict() {
    return plan(Mode.SHARED, HandOver.STRICT, true, false);
  }

  /** Post-copy is permitted. */
  public static TransferPlan postCopy() {
    return plan(Mode.COPIED, HandOver.FAST, false, true);
  }

  /** Post-copy is permitted, over a shared disk that a lock guards. */
  public static TransferPlan postCopyShared() {
    return plan(Mode.SHARED, HandOver.FAST, false, true);
  }

  /** No disk, not started with its host: steps of a move have nothing to do. */
  public static TransferPlan diskless(boolean postCopy) {
    return plan(List.of(), HandOver.FAST, false, false, postCopy);
  }

  private static TransferPlan plan(
      Mode mode, HandOver handOver, boolean ownerPaused, boolean postCopy) {
    DiskMove disk =
        new DiskMove(
            "vda", "/guests/1/vda", DiskFormat.QCOW2, 1 << 30, Optional.empty(), true, mode);
    return plan(List.of(disk), handOver, ownerPaused, true, postCopy);
  }

  private static TransferPlan plan(
      List<DiskMove> disks,
      HandOver handOver,
      boolean ownerPaused,
      boolean autostart,
      boolean postCopy) {
    return new TransferPlan(
        new HostName("host-b"),
        "qemu+tls://host-b/system",
        "tcp:10.0.0.2",
        handOver,
        disks,
        true,
        disks.stream().anyMatch(disk -> disk.mode() == Mode.SHARED),
        ownerPaused,
        autostart,
        postCopy,
        false,
        1,
        0,
        300);
  }
}
