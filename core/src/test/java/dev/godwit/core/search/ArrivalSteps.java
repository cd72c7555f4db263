package dev.godwit.core.search;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.PostCopy;
import java.util.List;
import java.util.function.Consumer;

/** The destination's daemon, and the memory that QEMUs send each other without any daemon. */
final class ArrivalSteps {
  private final World world;
  private final List<Step> steps;

  private ArrivalSteps(World world, List<Step> steps) {
    this.world = world;
    this.steps = steps;
  }

  static void add(World world, List<Step> steps) {
    ArrivalSteps it = new ArrivalSteps(world, steps);
    if (world.destination.daemon() == Alive.UP) {
      it.arrival();
    }
    it.memory();
  }

  private void add(String what, Consumer<World> change) {
    steps.add(new Step(what, world.after(change)));
  }

  private void arrival() {
    switch (world.arrival) {
      case NONE -> {}
      case PREPARED -> {
        boolean left =
            !world.link
                || world.source.daemon() != Alive.UP
                || world.call == Call.NONE
                || world.call == Call.UNATTENDED;
        if (left) {
          add("the incoming guest is ended: its source is gone", ArrivalSteps::destroyed);
        }
      }
      case FINISHING -> {
        add(
            "Finish saves the definition",
            w -> {
              w.arrival = Arrival.DEFINED;
              w.destination = w.destination.defined(true);
            });
        add("Finish fails", ArrivalSteps::destroyed);
      }
      case DEFINED -> defined();
      case STARTED -> started();
      case UNATTENDED -> {
        if (world.postCopy == PostCopy.DONE) {
          add(
              "the destination's daemon sees that all memory is here",
              w -> w.arrival = Arrival.NONE);
        }
      }
    }
  }

  private void defined() {
    // A source that runs again has the lock.
    boolean locked = world.source.runs() && world.locks();
    boolean paused = world.plan.arrivesPaused();
    if ((paused || !locked) && world.postCopy != PostCopy.BROKEN) {
      add(paused ? "Finish leaves the guest paused" : "Finish starts the guest", this::start);
    }
    add(
        "Finish fails before it starts the guest",
        w -> {
          w.unwitnessed |= !w.plan.arrivesPaused();
          destroyed(w);
        });
  }

  private void start(World w) {
    w.arrival = Arrival.STARTED;
    if (w.plan.arrivesPaused()) {
      w.destination = w.destination.guest(Guest.PAUSED);
      return;
    }
    w.destination = w.destination.guest(Guest.RUNNING);
    w.split |= w.source.runs();
    w.ranAtDestination = true;
    if (w.destination.answers()) {
      w.destination = w.destination.note(w.destination.note().resumed());
    }
  }

  private void started() {
    if (!world.memoryIsMissing()) {
      add(
          "Finish is over",
          w -> {
            w.arrival = Arrival.NONE;
            w.finishedWell = true;
          });
    } else if (world.postCopy == PostCopy.BROKEN) {
      add("Finish is over without all memory", w -> w.arrival = Arrival.UNATTENDED);
    }
  }

  /** Of a post-copy: whether it goes on is between both QEMUs. */
  private void memory() {
    boolean both = world.source.active() && world.destination.active();
    if (world.postCopy != PostCopy.ON) {
      return;
    }
    if (both && world.link && world.destination.runs()) {
      add("all memory is over there", w -> w.postCopy = PostCopy.DONE);
    }
    if ((!both || !world.link) && world.ranAtDestination) {
      add(
          "the post-copy breaks",
          w -> {
            w.postCopy = PostCopy.BROKEN;
            if (w.source.active()) {
              w.source = w.source.guest(Guest.POST_COPY_FAILED);
            }
          });
    }
  }

  static void destroyed(World w) {
    w.arrival = Arrival.NONE;
    w.destination = LibvirtSteps.stopped(w.destination, GuestView.End.CRASHED);
  }
}
