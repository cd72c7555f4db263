package dev.godwit.core.search;

import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Newest;
import java.util.Optional;

/** What must hold in every world, and how a history ends well. */
final class Promises {
  private Promises() {}

  /** The promise that this world breaks. */
  static Optional<String> broken(World w) {
    if (!w.broken.isEmpty()) {
      return Optional.of(w.broken);
    }
    if (w.source.runs() && w.destination.runs() && !w.split && !w.mistaken) {
      return Optional.of("it runs twice, and libvirt did not do that");
    }
    if (w.unrecorded()) {
      // Where the copy went to nobody knows: what is left there is told by nobody here.
      return Optional.empty();
    }
    boolean there =
        w.destination.active()
            || w.destination.ended()
            || w.migration.ruledFor(w.plan.destination());
    if (!w.sourceDisk && !there && !w.movedOn) {
      return Optional.of("the source's disk is gone and nothing is at the destination");
    }
    if (w.migration.rests() && (open(w.source) || open(w.destination))) {
      return Optional.of("over, and an agent's note of it is open");
    }
    Optional<String> gone = newestGone(w);
    if (gone.isPresent()) {
      return gone;
    }
    if (w.movedOn && w.migration.phase().over()) {
      return leftBehind(w);
    }
    if (w.mistaken && w.migration.owes(w.migration.source())) {
      // It lives, and may be anywhere until it is heard again: nothing has ended yet.
      return w.source.active() || w.destination.active() || w.source.ended() || there
          ? Optional.empty()
          : Optional.of("a host was taken for dead by mistake, and nobody has the guest");
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

  /**
   * Of a move without a plan, whose source was seen: it ends without a word only where the guest is
   * at home, or was shut down there.
   */
  static String endedInSilence(World w) {
    boolean home =
        w.source.guest() == w.atHome() || w.source.note().end() == GuestView.End.SHUT_DOWN;
    return w.migration.phase() instanceof Phase.Cancelled && !home
        ? "it ended in silence, and its guest is not at home"
        : w.broken;
  }

  private static boolean open(Side side) {
    return side.note().epoch() > 0 && !side.note().over();
  }

  /** Of a guest that is off, the disk goes that it did not write last, unless somebody ruled. */
  private static Optional<String> newestGone(World w) {
    if (nothingCopied(w) || w.movedOn) {
      return Optional.empty();
    }
    boolean here = w.newest != Newest.HERE || w.sourceDisk || w.destination.runs();
    boolean there = w.newest != Newest.THERE || w.files != Files.NONE || w.source.runs();
    return (here || w.migration.ruledFor(w.plan.destination()))
            && (there || w.migration.ruledFor(w.migration.source()))
        ? Optional.empty()
        : Optional.of("the disk is gone that the guest wrote last");
  }

  /** What is not done is listed, with the host that it waits for. */
  private static boolean listed(World w, String side) {
    return w.migration.owed().stream().anyMatch(owed -> owed.step().startsWith(side));
  }

  /** Of a guest that is elsewhere by now, or deleted, no host has anything. */
  private static Optional<String> leftBehind(World w) {
    boolean here = w.source.active() || w.source.defined();
    if (here && !listed(w, "SOURCE")) {
      return Optional.of("moved on, and something is left at the source");
    }
    boolean there = w.destination.active() || w.destination.defined() || w.files != Files.NONE;
    if (there && !listed(w, "DESTINATION")) {
      return Optional.of("moved on, and something is left at the destination");
    }
    return w.call == Call.NONE || w.migration.owes(w.migration.source())
        ? Optional.empty()
        : Optional.of("moved on, and libvirt still moves it");
  }

  private static Optional<String> completed(World w) {
    boolean owedThere = listed(w, "DESTINATION");
    boolean there =
        w.destination.guest() == w.atHome()
            || w.destination.ended()
            || (w.source.ended()
                && (nothingCopied(w) || w.migration.ruledFor(w.plan.destination())));
    if (!there && !(owedThere && w.destination.active())) {
      return Optional.of(
          "completed, and the destination does not run it, or does not pause it as its owner did");
    }
    if (!owedThere
        && (!w.destination.defined() || w.destination.autostart() != w.plan.autostart())) {
      return Optional.of("completed, and the destination's definition is not as the source's was");
    }
    boolean owedHere = listed(w, "SOURCE");
    if (!owedHere && (w.source.active() || w.source.defined() || w.source.autostart())) {
      return Optional.of("completed, and something is left at the source");
    }
    if (!owedHere && w.sourceDisk != nothingCopied(w)) {
      return Optional.of("completed, and the source's disk is not as it should be");
    }
    return owedThere || w.files == Files.OWNED
        ? Optional.empty()
        : Optional.of("completed, and the destination's disk is not the instance's own");
  }

  private static Optional<String> rolledBack(World w) {
    // With a destination that died before the guest ran there died no more than a copy; and on a
    // shared disk it does not matter where a guest ended.
    boolean there =
        w.source.guest() == w.atHome()
            || w.source.ended()
            || w.migration.ruledFor(w.migration.source())
            || (w.destination.ended() && (!w.ranAtDestination || nothingCopied(w)));
    if (!there || !w.source.defined() || !w.sourceDisk) {
      return Optional.of("rolled back, and the source does not run it");
    }
    if (!listed(w, "SOURCE") && w.source.autostart() != w.plan.autostart()) {
      return Optional.of("rolled back, and the source's autostart is not as it was");
    }
    boolean left = w.destination.active() || w.destination.defined() || w.files != Files.NONE;
    if (left && !listed(w, "DESTINATION_FILES")) {
      return Optional.of("rolled back, and something is left at the destination");
    }
    return w.call == Call.NONE
        ? Optional.empty()
        : Optional.of("rolled back, and libvirt still moves it");
  }

  /** Where no disk is copied it does not matter where a guest ended. */
  private static boolean nothingCopied(World w) {
    return w.plan.copiedDisks().isEmpty();
  }

  /** Over, with no more left than what waits for a dead host. */
  static boolean ended(World w) {
    return w.migration.rests() || waits(w);
  }

  private static boolean waits(World w) {
    return w.migration.phase().over()
        && w.migration.owed().stream().anyMatch(owed -> !side(w, owed.host()).power());
  }

  private static Side side(World w, HostName host) {
    return host.equals(w.migration.source()) ? w.source : w.destination;
  }

  /** True where an operator may be asked to do something; else Godwit has to help itself. */
  static boolean mayAsk(World w) {
    return switch (w.migration.phase()) {
      case Phase.Settling(SettleStep step) ->
          w.lost()
              || (step == SettleStep.SOURCE_SUSPENDED
                  && (undecided(w, w.destination) || arrivalMayBeOld(w)));
      case Phase.RollingBack(RollbackStep step, _) ->
          step == RollbackStep.DESTINATION_SUSPENDED && undecided(w, w.source);
      case Phase.Transferring _ -> documented(w);
      case Phase.Accepted() -> w.unrecorded();
      case Phase.Planned(),
          Phase.Preparing _,
          Phase.Completed(),
          Phase.Cancelled _,
          Phase.Failed _ ->
          false;
    };
  }

  /**
   * A process that is killed, frozen or cut off is no reason to ask an operator: only a run that
   * ended, a host without power, libvirt's own split, or an operator's error is; and, on a shared
   * disk or after a strict hand-over, an end by libvirt that nobody saw.
   */
  private static boolean documented(World w) {
    return w.lost()
        || w.split
        || w.mistaken
        || w.powerLost
        || (w.unwitnessed && (w.plan.writableDiskShared() || w.plan.handOver() == HandOver.STRICT))
        || w.source.ended()
        || w.destination.ended();
  }

  /** Of a source without power nobody can tell what it did since the hand-over. */
  private static boolean arrivalMayBeOld(World w) {
    return w.powerLost && w.plan.handOver() == HandOver.STRICT && !w.ranAtDestination;
  }

  /** Both have one disk, or the owner's run is over: an operator says which copy is the guest. */
  private static boolean undecided(World w, Side owner) {
    return w.plan.writableDiskShared() || owner.ended();
  }
}
