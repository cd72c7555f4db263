package dev.godwit.core.search;

import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What goes wrong, each out of a stated number of times; and that it is mended, at any time. */
final class FaultSteps {
  private static final StepReply NO_ANSWER = new StepReply.Unanswered("no answer in time");

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
    if (world.faultsLeft > 0) {
      it.killed();
      it.lostOrders();
      it.shutDown();
      it.aborted();
    }
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
    if (world.source.agent() == Alive.DOWN) {
      add("the source's agent starts again", FaultSteps::restartSourceAgent);
    }
    if (world.destination.agent() == Alive.DOWN) {
      add(
          "the destination's agent starts again",
          w -> w.destination = w.destination.agent(Alive.UP));
    }
    if (world.source.daemon() == Alive.DOWN) {
      add("the source's libvirtd starts again", LibvirtSteps::restartSource);
    }
    if (world.destination.daemon() == Alive.DOWN) {
      add("the destination's libvirtd starts again", LibvirtSteps::restartDestination);
    }
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
    if (!world.link) {
      add("the link between the daemons heals", w -> w.link = true);
    }
  }

  private static void restartSourceAgent(World w) {
    w.source = w.source.agent(Alive.UP);
    if (w.source.note().transfer() instanceof TransferRecord.Started) {
      // A job that lives is followed to its end; of one that is over nobody knows how it ended.
      w.callLost = w.source.daemon() == Alive.DOWN || w.call == Call.NONE;
    }
  }

  private void latecomers() {
    for (int i = 0; i < world.late.size(); i++) {
      Order order = world.late.get(i);
      int at = i;
      add(
          "a late order arrives: " + ServerSteps.name(order),
          w -> {
            List<Order> left = new ArrayList<>(w.late);
            left.remove(at);
            w.late = List.copyOf(left);
            executed(w, order);
          });
    }
  }

  private void killed() {
    if (world.server == Alive.UP && !world.migration.phase().over()) {
      fault("the server is killed", w -> w.server = Alive.DOWN);
    }
    if (world.source.agent() == Alive.UP) {
      fault("the source's agent is killed", w -> w.source = deaf(w.source).agent(Alive.DOWN));
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
    if (world.arrival != Arrival.NONE
        && world.arrival != Arrival.STARTED
        && world.destination.daemon() == Alive.UP) {
      fault(
          "the incoming QEMU is killed",
          w -> {
            w.arrival = Arrival.NONE;
            w.destination = LibvirtSteps.stopped(w.destination, GuestView.End.CRASHED);
          });
    }
    if (world.link) {
      fault("the link between the daemons is cut", w -> w.link = false);
    }
  }

  private static Side deaf(Side side) {
    return side.note(side.note().deaf());
  }

  private void lostOrders() {
    if (world.server == Alive.DOWN || world.toSend.isEmpty()) {
      return;
    }
    Order order = world.toSend.getFirst();
    String name = ServerSteps.name(order);
    fault("the order is lost: " + name, FaultSteps::unanswered);
    fault(
        "the answer is lost: " + name,
        w -> {
          executed(w, order);
          unanswered(w);
        });
    fault(
        "the order is sent twice: " + name,
        w -> {
          w.toSend = w.toSend.subList(1, w.toSend.size());
          w.reply = Agents.execute(w, order, rules);
          onItsWay(w, order);
        });
    fault(
        "the order is late: " + name,
        w -> {
          unanswered(w);
          onItsWay(w, order);
        });
  }

  /**
   * Alone: after another fault libvirt may have a second copy of a guest that ended, and which of
   * both is the guest is an operator's to say.
   */
  private void shutDown() {
    if (world.faultsLeft < world.faultsAllowed) {
      return;
    }
    if (world.source.guest() == Guest.RUNNING) {
      ended(
          "the guest shuts itself down at the source",
          w -> w.source = LibvirtSteps.stopped(w.source, GuestView.End.SHUT_DOWN));
    }
    if (world.destination.guest() == Guest.RUNNING && world.arrival == Arrival.NONE) {
      ended(
          "the guest shuts itself down at the destination",
          w -> w.destination = LibvirtSteps.stopped(w.destination, GuestView.End.SHUT_DOWN));
    }
  }

  private void ended(String what, Consumer<World> change) {
    add(
        what,
        w -> {
          change.accept(w);
          w.guestEnded = true;
          w.faultsLeft = 0;
        });
  }

  /** Its answer is heard by nobody. */
  private void executed(World w, Order order) {
    var _ = Agents.execute(w, order, rules);
  }

  private static void onItsWay(World w, Order order) {
    List<Order> late = new ArrayList<>(w.late);
    late.add(order);
    w.late = List.copyOf(late);
  }

  private static void unanswered(World w) {
    w.toSend = w.toSend.subList(1, w.toSend.size());
    w.reply = NO_ANSWER;
  }

  private void aborted() {
    boolean possible =
        !world.migration.phase().committed()
            && !world.migration.phase().over()
            && !world.migration.wishes().abort();
    if (possible) {
      fault("the operator aborts", w -> w.migration = w.migration.with(new Wishes(true, false)));
    }
  }
}
