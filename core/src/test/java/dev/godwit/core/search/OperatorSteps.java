package dev.godwit.core.search;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Ruling;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.model.HostName;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Newest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an operator does where a migration is held and may be: to the letter what they are told, and
 * nothing where they are told nothing.
 */
final class OperatorSteps {
  private final World world;
  private final WayOut told;
  private final List<Step> steps = new ArrayList<>();

  private OperatorSteps(World world, WayOut told) {
    this.world = world;
    this.told = told;
  }

  /** Those that follow a decision. */
  static List<Step> after(Decision decision, World world) {
    if (!(decision instanceof Decision.Stay stay) || !stay.alarm() || !Promises.mayAsk(world)) {
      return List.of();
    }
    OperatorSteps it = new OperatorSteps(world, stay.wayOut());
    it.told.end().forEach(it::destroys);
    it.told.resume().forEach(it::resumes);
    it.rules();
    return it.steps;
  }

  private void destroys(HostName host) {
    boolean source = world.migration.source().equals(host);
    Side side = source ? world.source : world.destination;
    if (side.daemon() == Alive.UP && side.active()) {
      add(
          "the operator destroys it on " + host,
          source ? OperatorSteps::sourceDestroyed : OperatorSteps::destinationDestroyed);
    }
  }

  private static void sourceDestroyed(World w) {
    lost(w, w.source, w.destination);
    w.source = LibvirtSteps.destroyed(w.source).ended(true);
    if (w.call == Call.UNATTENDED) {
      w.call = Call.NONE;
    }
  }

  private static void destinationDestroyed(World w) {
    lost(w, w.destination, w.source);
    w.arrival = Arrival.NONE;
    w.destination = LibvirtSteps.destroyed(w.destination).ended(true);
  }

  /** Nobody may be told to end a guest that lives. */
  private static void lost(World w, Side ended, Side other) {
    if (ended.runs() && !other.runs() && !w.lost() && !w.movedOn) {
      w.broken = "an operator was told to end the only copy that runs";
    }
  }

  /** They do not wake up what is older than its disk, or than a copy that they were told of. */
  private void resumes(HostName host) {
    boolean source = world.migration.source().equals(host);
    Side side = source ? world.source : world.destination;
    boolean differs = world.plan.writableDiskShared() || world.unrecorded();
    boolean old = source && world.ranAtDestination && differs;
    if (side.daemon() == Alive.UP && side.active() && !side.runs() && !old) {
      add(
          "the operator resumes it on " + host,
          source ? OperatorSteps::sourceResumed : OperatorSteps::destinationResumed);
    }
  }

  private static void sourceResumed(World w) {
    w.broken = twice(w, w.destination);
    w.source = w.source.guest(Guest.RUNNING);
  }

  private static void destinationResumed(World w) {
    w.broken = twice(w, w.source);
    w.ranAtDestination = true;
    w.destination = w.destination.guest(Guest.RUNNING);
  }

  private static String twice(World w, Side other) {
    return other.runs() && !w.mistaken ? "an operator was told to run it twice" : w.broken;
  }

  /** They look at the hosts that are named, and see where it ran last and whether it is defined. */
  private void rules() {
    HostName there = world.plan.destination();
    HostName here = world.migration.source();
    boolean mayBeThere = told.home().contains(there) && world.destination.defined();
    boolean mayBeHere = told.home().contains(here) && world.source.defined();
    if (mayBeThere && (world.newest != Newest.HERE || !mayBeHere)) {
      rule(there);
    }
    boolean better = mayBeThere && world.newest == Newest.SAME && world.destination.active();
    if (mayBeHere && !better && (world.newest != Newest.THERE || !mayBeThere)) {
      rule(here);
    }
  }

  private void rule(HostName home) {
    Migration migration = world.migration;
    Wishes wishes = migration.wishes();
    Ruling ruling = new Ruling(home, "an operator", "its disks are the newer ones");
    if (!wishes.ruling().equals(Optional.of(ruling))) {
      add(
          "the operator rules that it lives on " + home,
          w ->
              w.migration =
                  migration.with(
                      new Wishes(wishes.abort(), wishes.forceComplete(), Optional.of(ruling))));
    }
  }

  private void add(String what, Consumer<World> change) {
    steps.add(new Step(what, world.after(change)));
  }
}
