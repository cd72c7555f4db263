package dev.godwit.core.search;

import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.core.migration.transfer.Verdict;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Guest;
import java.util.Optional;

/** What must hold in every world, and how a history ends well. */
final class Promises {
  private Promises() {}

  /** The promise that this world breaks. */
  static Optional<String> broken(World w) {
    if (!w.broken.isEmpty()) {
      return Optional.of(w.broken);
    }
    boolean both = w.source.guest() == Guest.RUNNING && w.destination.guest() == Guest.RUNNING;
    if (both && !w.split) {
      return Optional.of("it runs twice, and libvirt did not do that");
    }
    if (!w.sourceDisk && !w.destination.active() && !w.guestEnded) {
      return Optional.of("the source's disk is gone and nothing is at the destination");
    }
    return switch (w.migration.phase()) {
      case Phase.Completed() -> completed(w);
      case Phase.Cancelled _, Phase.Failed _ -> rolledBack(w);
      case Phase.Accepted(),
          Phase.Planned(),
          Phase.Preparing _,
          Phase.Transferring _,
          Phase.Settling _,
          Phase.RollingBack _ ->
          Optional.empty();
    };
  }

  private static Optional<String> completed(World w) {
    if (w.destination.guest() != w.atHome()) {
      return Optional.of(
          "completed, and the destination does not run it, or does not pause it as its owner did");
    }
    if (!w.destination.defined()
        || w.destination.autostart() != w.migration.planned().autostart()) {
      return Optional.of("completed, and the destination's definition is not as the source's was");
    }
    if (w.source.active() || w.source.defined() || w.source.autostart()) {
      return Optional.of("completed, and something is left at the source");
    }
    if (w.sourceDisk != w.migration.planned().writableDiskShared()) {
      return Optional.of("completed, and the source's disk is not as it should be");
    }
    return w.files == Files.OWNED
        ? Optional.empty()
        : Optional.of("completed, and the destination's disk is not the instance's own");
  }

  private static Optional<String> rolledBack(World w) {
    if (w.source.guest() != w.atHome() || !w.source.defined() || !w.sourceDisk) {
      return Optional.of("rolled back, and the source does not run it");
    }
    if (w.source.autostart() != w.migration.planned().autostart()) {
      return Optional.of("rolled back, and the source's autostart is not as it was");
    }
    if (w.destination.active() || w.destination.defined() || w.files != Files.NONE) {
      return Optional.of("rolled back, and something is left at the destination");
    }
    return w.call == Call.NONE
        ? Optional.empty()
        : Optional.of("rolled back, and libvirt still moves it");
  }

  /** Over, or one of the few ends that need an operator, as documented. */
  static boolean ended(World w) {
    return w.migration.phase().over() || held(w);
  }

  private static boolean held(World w) {
    if (w.migration.phase() instanceof Phase.Settling(SettleStep step)
        && step == SettleStep.SOURCE_SUSPENDED) {
      // Both have one disk: the alarm asks an operator which is to stay.
      return w.migration.planned().writableDiskShared();
    }
    if (!(w.migration.phase() instanceof Phase.Transferring)) {
      return false;
    }
    Row row =
        DecisionTable.row(
            Agents.ofSource(w),
            Agents.ofDestination(w),
            w.migration.planned(),
            w.migration.wishes(),
            DecisionTable.KEEP_ALIVE);
    return row.verdict() == Verdict.HOLD;
  }
}
