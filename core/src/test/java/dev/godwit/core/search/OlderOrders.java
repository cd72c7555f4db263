package dev.godwit.core.search;

import dev.godwit.core.search.World.Guest;
import java.util.List;
import java.util.function.Consumer;

/**
 * The worst that an earlier migration of the instance may have left on its way, from the same
 * source or back from this destination, when its record was lost before its end: one order of it,
 * at any time. Once the agents have closed it, it is refused.
 */
final class OlderOrders {
  private final World world;
  private final List<Step> steps;

  private OlderOrders(World world, List<Step> steps) {
    this.world = world;
    this.steps = steps;
  }

  static void add(World world, List<Step> steps) {
    OlderOrders it = new OlderOrders(world, steps);
    if (world.olderAtDestination && world.destination.answers()) {
      it.arrives("ClearDestinationDomain at the destination", OlderOrders::clearsDestination);
      it.arrives("ClearSourceDefinition at the destination", OlderOrders::undefines);
    }
    if (world.olderAtSource && world.source.answers()) {
      it.arrives("ResumeSource at the source", w -> new SourceAgent(w).resume());
      it.arrives("ClearDestinationDomain at the source", OlderOrders::clearsSource);
    }
  }

  private void arrives(String order, Consumer<World> change) {
    steps.add(
        new Step(
            "an earlier migration's order arrives: " + order,
            world.after(w -> {
              w.olderAtSource = false;
              w.olderAtDestination = false;
              change.accept(w);
            })));
  }

  private static void clearsDestination(World w) {
    if (w.destination.active() && !w.destination.runs()) {
      new DestinationAgent(w).destroy();
    }
    undefines(w);
  }

  private static void undefines(World w) {
    if (!w.destination.active()) {
      w.destination = w.destination.defined(false);
    }
  }

  private static void clearsSource(World w) {
    if (w.source.guest() == Guest.PAUSED_BY_MOVE) {
      new SourceAgent(w).destroy();
    }
  }
}
