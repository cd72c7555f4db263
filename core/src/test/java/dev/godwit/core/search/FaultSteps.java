package dev.godwit.core.search;

import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What goes wrong, each out of a stated number of times; and that it is mended, at any time. */
final class FaultSteps {
  private final World world;
  private final Rules rules;
  private final List<Step> steps = new ArrayList<>();

  private FaultSteps(World world, Rules rules) {
    this.world = world;
    this.rules = rules;
  }

  static List<Step> of(World world, Rules rules) {
    FaultSteps it = new FaultSteps(world, rules);
    it.mended();
    it.latecomers();
    OlderOrders.add(world, it.steps);
    if (world.faultsLeft > 0) {
      it.killed();
      HostSteps.die(world, it.steps);
      OrderFaults.add(world, rules, it.steps);
      it.guestEnds();
      it.forgotten();
    }
    it.wished();
    return it.steps;
  }

  private void add(String what, Consumer<World> change) {
    steps.add(new Step(what, world.after(change)));
  }

  private void fault(String what, Consumer<World> change) {
    add(
        what,
        w -> {
          w.faultsLeft--;
          change.accept(w);
        });
  }

  private void mended() {
    boolean sourceOn = world.source.power();
    boolean destinationOn = world.destination.power();
    if (sourceOn && world.source.agent() == Alive.DOWN) {
      add("the source's agent starts again", Restarts::sourceAgent);
    }
    if (destinationOn && world.destination.agent() == Alive.DOWN) {
      add(
          "the destination's agent starts again",
          w -> w.destination = w.destination.agent(Alive.UP));
    }
    if (sourceOn && world.source.daemon() == Alive.DOWN) {
      add("the source's libvirtd starts again", Restarts::sourceDaemon);
    }
    if (destinationOn && world.destination.daemon() == Alive.DOWN) {
      add("the destination's libvirtd starts again", Restarts::destinationDaemon);
    }
    thawed();
    if (!world.link) {
      add("the link between the hosts heals", w -> w.link = true);
    }
    if (!world.sourceHeard) {
      add("the server hears the source host again", w -> w.sourceHeard = true);
    }
    if (!world.destinationHeard) {
      add("the server hears the destination host again", w -> w.destinationHeard = true);
    }
    HostSteps.mend(world, steps);
  }

  private void thawed() {
    if (world.source.daemon() == Alive.FROZEN) {
      add("the source's libvirtd goes on", w -> w.source = w.source.daemon(Alive.UP));
      if (world.call == Call.FINISHING) {
        add(
            "the source's libvirtd goes on after the other gave it up",
            w -> {
              w.source = w.source.daemon(Alive.UP);
              LibvirtSteps.failed(w);
            });
      }
    }
    if (world.destination.daemon() == Alive.FROZEN) {
      add(
          "the destination's libvirtd goes on",
          w -> w.destination = w.destination.daemon(Alive.UP));
    }
  }

  private void latecomers() {
    for (int i = 0; i < world.late.size(); i++) {
      Order order = world.late.get(i);
      int at = i;
      add(
          Names.of(order).arrives(),
          w -> {
            List<Order> left = new ArrayList<>(w.late);
            left.remove(at);
            w.late = List.copyOf(left);
            var _ = Agents.execute(w, order, rules);
          });
    }
  }

  private void killed() {
    if (world.server == Alive.UP && !world.migration.phase().over()) {
      fault("the server is killed", w -> w.server = Alive.DOWN);
      if (!world.toSend.isEmpty()) {
        fault(
            "the server freezes, and its next order is sent when it is thawed", FaultSteps::frozen);
      }
    }
    if (world.server == Alive.UP && world.sourceHeard) {
      fault("the server does not hear the source host any more", w -> w.sourceHeard = false);
    }
    if (world.server == Alive.UP && world.destinationHeard) {
      fault(
          "the server does not hear the destination host any more",
          w -> w.destinationHeard = false);
    }
    if (world.source.agent() == Alive.UP) {
      fault("the source's agent is killed", FaultSteps::sourceAgentDies);
    }
    if (world.destination.agent() == Alive.UP) {
      fault(
          "the destination's agent is killed",
          w -> w.destination = deaf(w.destination).agent(Alive.DOWN));
    }
    if (world.source.daemon() == Alive.UP) {
      fault("the source's libvirtd freezes", w -> w.source = w.source.daemon(Alive.FROZEN));
      fault("the source's libvirtd is killed", w -> w.source = deaf(w.source).daemon(Alive.DOWN));
    }
    if (world.destination.daemon() == Alive.UP) {
      fault(
          "the destination's libvirtd freezes",
          w -> w.destination = w.destination.daemon(Alive.FROZEN));
      fault(
          "the destination's libvirtd is killed",
          w -> w.destination = deaf(w.destination).daemon(Alive.DOWN));
    }
    qemuKilled();
    if (world.link) {
      fault("the link between the daemons is cut", w -> w.link = false);
    }
    if (world.call == Call.SWITCHED && LibvirtSteps.mayRunOn(world)) {
      fault(
          "the last stage of the copy fails, and QEMU runs the guest again", LibvirtSteps::runsOn);
    }
  }

  /** A guest that runs falls with its QEMU, too: {@link #guestEnds}. */
  private void qemuKilled() {
    boolean arrives = world.arrival != Arrival.NONE && world.destination.active();
    boolean waits = world.destination.active() && !world.destination.runs();
    if (arrives || waits) {
      fault(
          "the destination's QEMU is killed",
          w -> {
            boolean whole = w.arrival == Arrival.NONE || w.arrival == Arrival.STARTED;
            boolean ran =
                w.destination.ended() || w.destination.runs() || (whole && !w.memoryIsMissing());
            w.arrival = Arrival.NONE;
            w.destination = LibvirtSteps.stopped(w.destination, GuestView.End.CRASHED).ended(ran);
          });
    }
    if (world.source.active() && !world.source.runs()) {
      fault(
          "the source's QEMU is killed",
          w -> {
            w.source = LibvirtSteps.stopped(w.source, GuestView.End.CRASHED).ended(true);
            if (w.call == Call.UNATTENDED) {
              w.call = Call.NONE;
            }
          });
    }
  }

  /** Another takes over meanwhile; what the old one decided then is refused by the record. */
  private static void frozen(World w) {
    OrderFaults.onItsWay(w, w.toSend.getFirst());
    w.server = Alive.DOWN;
  }

  static void sourceAgentDies(World w) {
    w.source = deaf(w.source).agent(Alive.DOWN);
    w.callHeld = false;
  }

  private static Side deaf(Side side) {
    return side.note(side.note().deaf());
  }

  /** By itself, by its owner, or by its QEMU's end: its disk is as it left it. */
  private void guestEnds() {
    if (world.source.runs()) {
      fault(
          "the guest shuts itself down at the source",
          w -> w.source = LibvirtSteps.stopped(w.source, GuestView.End.SHUT_DOWN).ended(true));
      fault(
          "the guest crashes at the source",
          w -> w.source = LibvirtSteps.stopped(w.source, GuestView.End.CRASHED).ended(true));
    }
    boolean arrived = world.arrival == Arrival.NONE || world.arrival == Arrival.UNATTENDED;
    if (world.destination.runs() && arrived) {
      fault(
          "the guest's run ends at the destination",
          w -> {
            w.arrival = Arrival.NONE;
            w.destination =
                LibvirtSteps.stopped(w.destination, GuestView.End.SHUT_DOWN).ended(true);
          });
    }
  }

  private void wished() {
    Wishes wishes = world.migration.wishes();
    boolean possible = !world.migration.phase().committed() && !world.migration.phase().over();
    if (possible && !wishes.abort()) {
      wish("the operator aborts", new Wishes(true, wishes.forceComplete(), wishes.ruling()));
    }
    if (possible && !wishes.forceComplete()) {
      wish(
          "the operator forces the end of the copy",
          new Wishes(wishes.abort(), true, wishes.ruling()));
    }
  }

  private void wish(String what, Wishes wishes) {
    Consumer<World> wished = w -> w.migration = w.migration.with(wishes);
    if (world.wishesFree > 0) {
      add(what, wished.andThen(w -> w.wishesFree--));
    } else if (world.faultsLeft > 0) {
      fault(what, wished);
    }
  }

  /**
   * The next owner's epoch is above all that were given, whatever the record says: a lease sees to
   * it. A server that lives through this goes on like one that takes over: it has sent what it had
   * to, finds a record that it did not write, and begins anew under a lease.
   */
  private void forgotten() {
    world.before.ifPresent(before ->
        fault(
            "the database loses its newest entry",
            w -> {
              w.migration = before.with(w.migration.epoch());
              w.before = Optional.empty();
              w.server = Alive.DOWN;
            }));
  }
}
