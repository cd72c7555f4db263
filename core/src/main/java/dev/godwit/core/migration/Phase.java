package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.Refusal;
import java.util.Optional;

/** Where a migration stands in its life (design §4). */
public sealed interface Phase {
  /** Taken in; nothing checked yet. */
  record Accepted() implements Phase {}

  /** A destination is chosen and its capacity claimed. */
  record Planned() implements Phase {}

  /** Things are being made at the destination. */
  record Preparing(PrepareStep step) implements Phase {}

  /**
   * The copy is ordered; libvirt moves the guest.
   *
   * @param givenUp why the copy may not begin any more; empty while it may
   */
  record Transferring(Optional<Refusal> givenUp) implements Phase {
    /** A copy that may begin. */
    public Transferring() {
      this(Optional.empty());
    }
  }

  /** The guest lives at the destination; the rest follows it, forward only. */
  record Settling(SettleStep step) implements Phase {}

  /** The guest stays at the source; what was made is undone. */
  record RollingBack(RollbackStep step, Ending ending) implements Phase {}

  /** Over: the guest runs at the destination, nothing is left at the source. */
  record Completed() implements Phase {}

  /** Over: the guest stayed, because somebody asked for it. */
  record Cancelled(Ending ending) implements Phase {}

  /** Over: the guest stayed, because something failed or was refused. */
  record Failed(Ending ending) implements Phase {}

  /** True when nothing is left to do. */
  default boolean over() {
    return this instanceof Completed || this instanceof Cancelled || this instanceof Failed;
  }

  /** True from the commit on: the guest belongs to the destination. */
  default boolean committed() {
    return this instanceof Settling || this instanceof Completed;
  }

  /** The phase's name, without its details. */
  default PhaseName name() {
    return switch (this) {
      case Accepted() -> PhaseName.ACCEPTED;
      case Planned() -> PhaseName.PLANNED;
      case Preparing _ -> PhaseName.PREPARING;
      case Transferring _ -> PhaseName.TRANSFERRING;
      case Settling _ -> PhaseName.SETTLING;
      case RollingBack _ -> PhaseName.ROLLING_BACK;
      case Completed() -> PhaseName.COMPLETED;
      case Cancelled _ -> PhaseName.CANCELLED;
      case Failed _ -> PhaseName.FAILED;
    };
  }
}
