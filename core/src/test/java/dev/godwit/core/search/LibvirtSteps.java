package dev.godwit.core.search;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Newest;
import dev.godwit.core.search.World.PostCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * libvirt's peer-to-peer protocol, version 3, as it was read and measured on 9.0.0: what both
 * daemons and both QEMUs do by themselves. The source's part; {@link ArrivalSteps} has the other's.
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
    it.sourceQemu();
    ArrivalSteps.add(world, it.steps);
    return it.steps;
  }

  private void add(String what, Consumer<World> change) {
    steps.add(new Step(what, world.after(change)));
  }

  private boolean connected() {
    return world.link && world.destination.daemon() == Alive.UP;
  }

  private boolean arrives() {
    return connected() && world.arrival == Arrival.PREPARED;
  }

  private void source() {
    switch (world.call) {
      case NONE -> {}
      case BEGIN -> begin();
      case COPYING -> copying();
      case SWITCHED -> {
        if (arrives() && world.source.active()) {
          add("all that is wanted of the copy is over there", LibvirtSteps::performed);
        } else {
          add("the copy fails in its last moment", LibvirtSteps::failed);
          if (world.postCopy == PostCopy.ON) {
            add("the copy fails in its last moment and is taken back", LibvirtSteps::takenBack);
          }
        }
      }
      case PERFORMED -> {
        if (arrives()) {
          add(
              "Finish is asked for",
              w -> {
                w.call = Call.FINISHING;
                w.arrival = Arrival.FINISHING;
              });
        } else {
          add("Finish cannot be asked for", LibvirtSteps::failed);
        }
      }
      case FINISHING -> finishing();
      case CONFIRMING -> add("the source's guest is put away", w -> putAway(w, false));
      case UNATTENDED -> {
        if (world.postCopy == PostCopy.DONE) {
          add("the source's daemon sees that all memory is over there", w -> putAway(w, true));
        }
      }
    }
    concluded();
  }

  /**
   * A QEMU whose last stage fails lets its guest run again, whatever its daemon does or knows. Its
   * job lives on until the daemon has seen it.
   */
  private void sourceQemu() {
    boolean broken = !world.link || world.arrival != Arrival.PREPARED;
    if (world.call == Call.SWITCHED && broken && mayRunOn(world)) {
      add("the source's QEMU cannot end the copy and runs its guest again", LibvirtSteps::runsOn);
    }
  }

  /** The guest stands still for its copy only. */
  static boolean mayRunOn(World w) {
    return w.source.guest() == Guest.PAUSED_BY_MOVE || w.source.guest() == Guest.POST_COPY;
  }

  static void runsOn(World w) {
    w.postCopy = PostCopy.NONE;
    // QEMU's part of the job has failed, whatever becomes of the guest: its daemon is to see that.
    w.call = Call.COPYING;
    w.abortAsked = true;
    runs(w);
    if (w.source.answers()) {
      w.source = w.source.note(w.source.note().resumed());
    }
  }

  private void begin() {
    boolean inTheWay = world.destination.active() || world.destination.defined();
    boolean targets = world.plan.copiedDisks().isEmpty() || world.files != Files.NONE;
    if (!connected() || inTheWay || !targets || !world.source.active()) {
      add("the destination refuses the copy", w -> over(w, "refused"));
      return;
    }
    add(
        "libvirt prepares the destination",
        w -> {
          w.call = Call.COPYING;
          w.arrival = Arrival.PREPARED;
          w.finishedWell = false;
          w.ranOn = false;
          w.destination =
              w.destination
                  .guest(Guest.PAUSED_BY_MOVE)
                  .note(w.destination.note().ended(GuestView.End.UNKNOWN));
        });
  }

  private void copying() {
    boolean goesOn = arrives() && !world.abortAsked && world.source.active();
    if (!goesOn) {
      add("the copy ends without a move", LibvirtSteps::failed);
      return;
    }
    add(
        "the copy switches: the source is paused",
        w -> {
          w.call = Call.SWITCHED;
          w.postCopy = PostCopy.NONE;
          w.source = w.source.guest(w.source.runs() ? Guest.PAUSED_BY_MOVE : w.source.guest());
        });
    if (world.postCopy == PostCopy.ASKED) {
      add(
          "the copy switches to post-copy: the source is paused",
          w -> {
            w.call = Call.SWITCHED;
            w.postCopy = PostCopy.ON;
            w.source = w.source.guest(Guest.POST_COPY);
          });
    }
  }

  private static void performed(World w) {
    w.call = Call.PERFORMED;
    w.newest = w.newest == Newest.HERE ? Newest.SAME : w.newest;
  }

  private void finishing() {
    if (!connected()) {
      add("Finish's answer is lost", LibvirtSteps::failed);
    } else if (world.arrival == Arrival.UNATTENDED) {
      add("Finish's answer: post-copy goes on by itself", LibvirtSteps::failed);
    } else if (world.arrival == Arrival.NONE) {
      if (world.finishedWell) {
        add("Finish's answer: it runs there", w -> w.call = Call.CONFIRMING);
      } else {
        add("Finish's answer: it failed", LibvirtSteps::failed);
      }
    }
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
                    : new TransferRecord.Ended(w.callHeld ? "its daemon went away" : "");
            w.callLost = false;
            w.callHeld = false;
            w.source = w.source.note(w.source.note().with(end));
          });
    }
  }

  private static void putAway(World w, boolean defined) {
    w.source = stopped(w.source, GuestView.End.MIGRATED).defined(defined && w.source.defined());
    over(w, "");
  }

  /**
   * The source is as it was, unless a lock says no. In a post-copy it has memory that nobody else
   * has, and stays as it is for ever.
   */
  static void failed(World w) {
    if (w.postCopy == PostCopy.ON || w.postCopy == PostCopy.BROKEN || w.postCopy == PostCopy.DONE) {
      if (w.source.active()) {
        w.source = w.source.guest(Guest.POST_COPY_FAILED);
        told(w, "failed");
        w.call = Call.UNATTENDED;
      } else {
        over(w, "failed");
      }
      return;
    }
    if (w.source.guest() == Guest.PAUSED_BY_MOVE) {
      boolean locked = w.destination.runs() && w.locks();
      if (!locked) {
        w.ranOn |= w.call == Call.FINISHING;
        runs(w);
        if (w.source.answers()) {
          w.source = w.source.note(w.source.note().resumed());
        }
      }
    }
    over(w, "failed");
  }

  /** A post-copy whose destination never ran is no more than a copy that failed. */
  private static void takenBack(World w) {
    w.postCopy = PostCopy.NONE;
    w.source = w.source.guest(Guest.PAUSED_BY_MOVE);
    failed(w);
  }

  static void runs(World w) {
    w.source = w.source.guest(Guest.RUNNING);
    w.split |= w.destination.runs();
  }

  private static void over(World w, String error) {
    told(w, error);
    w.call = Call.NONE;
    w.finishedWell = false;
    w.abortAsked = false;
    if (w.postCopy == PostCopy.ASKED) {
      w.postCopy = PostCopy.NONE;
    }
  }

  private static void told(World w, String error) {
    if (w.callHeld && w.source.note().transfer() instanceof TransferRecord.Started) {
      w.source = w.source.note(w.source.note().with(new TransferRecord.Ended(error)));
      w.callHeld = false;
    }
  }

  /** Somebody destroyed it; its daemon may forget that, its agent not whether it meant to. */
  static Side destroyed(Side side) {
    Side gone = side.guest(Guest.ABSENT);
    return side.answers() ? gone.note(gone.note().destroyed()) : gone;
  }

  /** A guest is gone; how, only a listening agent remembers. None takes it for its fence. */
  static Side stopped(Side side, GuestView.End how) {
    Side gone = side.guest(Guest.ABSENT);
    return gone.note(side.answers() ? gone.note().ended(how) : gone.note().fencing(false));
  }
}
