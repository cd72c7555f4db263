package dev.godwit.core.search;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * libvirt's peer-to-peer protocol, version 3, as it was read and measured on 9.0.0: what both
 * daemons do by themselves. Pre-copy.
 */
final class LibvirtSteps {
  private final World world;
  private final List<Step> steps = new ArrayList<>();

  private LibvirtSteps(World world) {
    this.world = world;
  }

  /** All that may happen next; nothing when libvirt rests. */
  static List<Step> of(World world) {
    LibvirtSteps it = new LibvirtSteps(world);
    if (world.source.daemon() == Alive.UP) {
      it.source();
    }
    if (world.destination.daemon() == Alive.UP) {
      it.destination();
    }
    it.qemu();
    return it.steps;
  }

  private void add(String what, Consumer<World> change) {
    steps.add(new Step(what, world.after(change)));
  }

  /** By a strict hand-over, or as its owner had it. */
  private boolean arrivesPaused() {
    return world.migration.planned().handOver() == HandOver.STRICT
        || world.migration.planned().ownerPaused();
  }

  private boolean connected() {
    return world.link && world.destination.daemon() == Alive.UP;
  }

  private void source() {
    switch (world.call) {
      case NONE -> {}
      case BEGIN -> {
        boolean inTheWay = world.destination.active() || world.destination.defined();
        if (!connected() || inTheWay || !world.source.active()) {
          add("the destination refuses the copy", w -> over(w, "refused"));
        } else {
          add(
              "libvirt prepares the destination",
              w -> {
                w.call = Call.COPYING;
                w.arrival = Arrival.PREPARED;
                w.finishedWell = false;
                w.destination =
                    w.destination
                        .guest(Guest.PAUSED_BY_MOVE)
                        .note(w.destination.note().ended(GuestView.End.UNKNOWN));
              });
        }
      }
      case COPYING -> {
        boolean runs = world.source.active();
        if (connected() && world.arrival == Arrival.PREPARED && !world.abortAsked && runs) {
          add(
              "the copy switches: the source is paused",
              w -> {
                w.call = Call.SWITCHED;
                w.source = w.source.guest(paused(w.source.guest()));
              });
        }
        if (!connected() || world.arrival != Arrival.PREPARED || world.abortAsked || !runs) {
          add("the copy ends without a move", LibvirtSteps::failed);
        }
      }
      case SWITCHED -> {
        if (connected() && world.arrival == Arrival.PREPARED) {
          add("all memory is over there", w -> w.call = Call.PERFORMED);
        } else {
          add("the copy fails in its last moment", LibvirtSteps::failed);
        }
      }
      case PERFORMED -> {
        if (connected() && world.arrival == Arrival.PREPARED) {
          add(
              "Finish is asked for",
              w -> {
                w.call = Call.FINISHING;
                w.arrival = Arrival.FINISHING;
              });
        } else {
          add("Finish cannot be asked for: the source goes on", LibvirtSteps::failed);
        }
      }
      case FINISHING -> {
        if (!connected()) {
          add("Finish's answer is lost: the source goes on", LibvirtSteps::failed);
        } else if (world.arrival == Arrival.NONE) {
          if (world.finishedWell) {
            add("Finish's answer: it runs there", w -> w.call = Call.CONFIRMING);
          } else {
            add("Finish's answer: it failed, the source goes on", LibvirtSteps::failed);
          }
        }
      }
      case CONFIRMING ->
          add(
              "the source's guest is put away",
              w -> {
                w.source = stopped(w.source, GuestView.End.MIGRATED).defined(false);
                over(w, "");
              });
    }
    concluded();
  }

  private static Guest paused(Guest guest) {
    return guest == Guest.RUNNING ? Guest.PAUSED_BY_MOVE : guest;
  }

  /** The agent learns of the end of its call whenever it is there to hear of it. */
  private void concluded() {
    boolean told =
        world.call == Call.NONE
            && world.source.agent() == Alive.UP
            && world.source.note().transfer() instanceof TransferRecord.Started;
    if (told) {
      add(
          "the source's agent learns that its call is over",
          w -> {
            TransferRecord end =
                w.callLost
                    ? new TransferRecord.Interrupted(w.attempts)
                    : new TransferRecord.Ended("");
            w.callLost = false;
            w.source = w.source.note(w.source.note().with(end));
          });
    }
  }

  /** The source is as it was, unless the image lock of a shared disk says no. */
  static void failed(World w) {
    if (w.source.guest() == Guest.PAUSED_BY_MOVE) {
      boolean locked =
          w.destination.guest() == Guest.RUNNING && w.migration.planned().writableDiskShared();
      if (!locked) {
        runs(w);
      }
    }
    over(w, "failed");
  }

  private static void runs(World w) {
    w.source = w.source.guest(Guest.RUNNING);
    w.split |= w.destination.guest() == Guest.RUNNING;
  }

  private static void over(World w, String error) {
    w.call = Call.NONE;
    w.finishedWell = false;
    w.abortAsked = false;
    if (w.source.agent() == Alive.UP
        && w.source.note().transfer() instanceof TransferRecord.Started) {
      w.source = w.source.note(w.source.note().with(new TransferRecord.Ended(error)));
    }
  }

  /** A guest is gone; how, only a listening agent remembers. */
  static Side stopped(Side side, GuestView.End how) {
    Side gone = side.guest(Guest.ABSENT);
    return side.answers() ? gone.note(gone.note().ended(how)) : gone;
  }

  private void destination() {
    switch (world.arrival) {
      case NONE -> {}
      case PREPARED -> {
        boolean left = !world.link || world.source.daemon() != Alive.UP || world.call == Call.NONE;
        if (left) {
          add("the incoming guest is ended: its source is gone", LibvirtSteps::destroyed);
        }
      }
      case FINISHING -> {
        add(
            "Finish saves the definition",
            w -> {
              w.arrival = Arrival.DEFINED;
              w.destination = w.destination.defined(true);
            });
        add("Finish fails", LibvirtSteps::destroyed);
      }
      case DEFINED -> {
        // A source that runs again has the lock of a shared disk.
        boolean locked =
            world.source.guest() == Guest.RUNNING && world.migration.planned().writableDiskShared();
        if (arrivesPaused() || !locked) {
          add(
              arrivesPaused() ? "Finish leaves the guest paused" : "Finish starts the guest",
              this::started);
        }
        add("Finish fails before it starts the guest", LibvirtSteps::destroyed);
      }
      case STARTED ->
          add(
              "Finish is over",
              w -> {
                w.arrival = Arrival.NONE;
                w.finishedWell = true;
              });
    }
  }

  private void started(World w) {
    w.arrival = Arrival.STARTED;
    if (arrivesPaused()) {
      w.destination = w.destination.guest(Guest.PAUSED);
      return;
    }
    w.destination = w.destination.guest(Guest.RUNNING);
    w.split |= w.source.guest() == Guest.RUNNING;
    w.ranAtDestination = true;
    if (w.destination.answers()) {
      w.destination = w.destination.note(w.destination.note().resumed());
    }
  }

  private static void destroyed(World w) {
    w.arrival = Arrival.NONE;
    w.destination = stopped(w.destination, GuestView.End.CRASHED);
  }

  /** A source whose daemon is down: QEMU itself resumes it when the other end goes in the copy. */
  private void qemu() {
    boolean resumes =
        world.source.daemon() == Alive.DOWN
            && world.call == Call.SWITCHED
            && world.arrival == Arrival.NONE
            && world.source.guest() == Guest.PAUSED_BY_MOVE;
    if (resumes) {
      add("the source's QEMU resumes by itself", LibvirtSteps::runs);
    }
  }

  /** What a daemon makes of its guest when it starts again. */
  static void restartSource(World w) {
    w.source = w.source.daemon(Alive.UP);
    switch (w.call) {
      case NONE -> {}
      case BEGIN, COPYING, SWITCHED -> {
        w.call = Call.NONE;
        if (w.source.guest() == Guest.PAUSED_BY_MOVE) {
          runs(w);
        }
      }
      // For ever: nobody but Godwit resumes it.
      case PERFORMED, FINISHING -> w.call = Call.NONE;
      case CONFIRMING -> {
        w.call = Call.NONE;
        w.source = w.source.guest(Guest.ABSENT);
      }
    }
    w.abortAsked = false;
  }

  static void restartDestination(World w) {
    w.destination = w.destination.daemon(Alive.UP);
    switch (w.arrival) {
      case NONE -> {}
      case PREPARED, FINISHING, DEFINED -> w.destination = w.destination.guest(Guest.ABSENT);
      case STARTED -> {
        if (w.destination.guest() != Guest.RUNNING) {
          w.destination = w.destination.guest(Guest.ABSENT);
        }
      }
    }
    w.arrival = Arrival.NONE;
  }
}
