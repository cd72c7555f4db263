package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.model.HostName;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Guest;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hosts that lose their power, are recorded as dead by an operator, and may come back. A fence ends
 * with the first sign of life: nothing can arrive at a host that is still taken for dead.
 */
final class HostSteps {
  private final World world;
  private final List<Step> steps;

  private HostSteps(World world, List<Step> steps) {
    this.world = world;
    this.steps = steps;
  }

  /** The faults. */
  static void die(World world, List<Step> steps) {
    if (world.migration.rests()) {
      return;
    }
    HostSteps it = new HostSteps(world, steps);
    if (world.source.power()) {
      it.add("the source host loses its power", Restarts::sourceDies, 1);
    }
    if (world.destination.power()) {
      it.add("the destination host loses its power", Restarts::destinationDies, 1);
    }
  }

  /** What follows at any time, or never. */
  static void mend(World world, List<Step> steps) {
    HostSteps it = new HostSteps(world, steps);
    it.source(world.source);
    it.destination(world.destination);
    if (world.errors > 0) {
      it.mistakes();
    }
    it.guestIsAtHome();
  }

  /** While another host owes something the guest is its owner's, and may go where it likes. */
  private void guestIsAtHome() {
    boolean here = !(world.migration.phase() instanceof Phase.Completed);
    Side home = here ? world.source : world.destination;
    HostName host = here ? world.migration.source() : world.plan.destination();
    boolean may =
        world.migration.phase().over()
            && !world.migration.rests()
            && !world.migration.owes(host)
            && !world.movedOn
            && home.answers()
            && home.guest() == world.atHome();
    if (may) {
      add("the guest is deleted, or moves on to a third host", w -> movesOn(w, here), 0);
    }
    if (may && world.ownerPauses()) {
      add("the guest's owner pauses it", w -> paused(w, here), 0);
    }
  }

  private static void paused(World w, boolean atSource) {
    w.pausedSince = true;
    if (atSource) {
      w.source = w.source.guest(Guest.PAUSED);
    } else {
      w.destination = w.destination.guest(Guest.PAUSED);
    }
  }

  private static void movesOn(World w, boolean fromSource) {
    w.movedOn = true;
    if (fromSource) {
      w.source = w.source.guest(Guest.ABSENT).defined(false);
      w.sourceDisk &= w.plan.copiedDisks().isEmpty();
    } else {
      w.destination = w.destination.guest(Guest.ABSENT).defined(false);
      w.files = Files.NONE;
    }
  }

  private void mistakes() {
    if (world.source.power() && world.source.agent() == Alive.DOWN && !begins()) {
      mistake("source", w -> w.source = w.source.fenced(true));
    }
    if (world.destination.power() && world.destination.agent() == Alive.DOWN) {
      mistake("destination", w -> w.destination = w.destination.fenced(true));
    }
  }

  private void mistake(String which, Consumer<World> fence) {
    add(
        "an operator fences the %s host, which lives".formatted(which),
        w -> {
          fence.accept(w);
          w.errors--;
          w.mistaken = true;
        },
        0);
  }

  /**
   * In these milliseconds a source that is taken for dead by mistake may yet make a guest at the
   * destination after that was cleared: it is a leftover then, and nothing better.
   */
  private boolean begins() {
    return world.call == Call.BEGIN
        || world.late.stream().anyMatch(order -> order.act() instanceof Act.StartTransfer);
  }

  private void source(Side side) {
    if (!side.power() && world.hostsReturn()) {
      add("the source host boots", Restarts::sourceBoots, 0);
    }
    if (!side.power() && !side.fenced()) {
      add("an operator fences the source host", w -> w.source = w.source.fenced(true), 0);
    }
  }

  private void destination(Side side) {
    if (!side.power() && world.hostsReturn()) {
      add("the destination host boots", w -> w.destination = w.destination.booted(), 0);
    }
    if (!side.power() && !side.fenced()) {
      add(
          "an operator fences the destination host",
          w -> w.destination = w.destination.fenced(true),
          0);
    }
  }

  private void add(String what, Consumer<World> change, int cost) {
    steps.add(
        new Step(
            what,
            world.after(w -> {
              w.faultsLeft -= cost;
              change.accept(w);
            })));
  }
}
