package dev.godwit.core.search;

import dev.godwit.core.search.World.Alive;
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
  }

  private void mistakes() {
    if (world.destination.power() && world.destination.agent() == Alive.DOWN) {
      add(
          "an operator fences the destination host, which lives",
          w -> {
            w.destination = w.destination.fenced(true);
            mistaken(w);
          },
          0);
    }
  }

  private static void mistaken(World w) {
    w.errors--;
    w.mistaken = true;
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
