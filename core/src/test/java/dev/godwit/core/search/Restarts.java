package dev.godwit.core.search;

import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.PostCopy;

/** What daemons, agents and hosts make of what they find when they start again. */
final class Restarts {
  private Restarts() {}

  static void sourceDaemon(World w) {
    w.source = w.source.daemon(Alive.UP);
    switch (w.call) {
      case NONE, UNATTENDED -> {}
      case BEGIN, COPYING, SWITCHED -> {
        w.call = Call.NONE;
        w.postCopy = PostCopy.NONE;
        if (w.source.guest() == Guest.PAUSED_BY_MOVE || w.source.guest() == Guest.POST_COPY) {
          LibvirtSteps.runs(w);
        }
      }
      case PERFORMED, FINISHING -> {
        if (w.postCopy == PostCopy.NONE || !w.source.active()) {
          // For ever: nobody but Godwit resumes it.
          w.call = Call.NONE;
        } else {
          w.call = Call.UNATTENDED;
          w.source = w.source.guest(Guest.POST_COPY_FAILED);
        }
      }
      case CONFIRMING -> {
        w.unwitnessed = true;
        w.call = Call.NONE;
        w.source = w.source.guest(Guest.ABSENT);
      }
    }
    w.abortAsked = false;
  }

  static void destinationDaemon(World w) {
    w.destination = w.destination.daemon(Alive.UP);
    w.unwitnessed |= w.arrival == Arrival.DEFINED && !w.plan.arrivesPaused();
    w.arrival =
        switch (w.arrival) {
          case NONE -> Arrival.NONE;
          case PREPARED, FINISHING, DEFINED -> {
            w.destination = w.destination.guest(Guest.ABSENT);
            yield Arrival.NONE;
          }
          case STARTED, UNATTENDED -> {
            if (!w.destination.runs()) {
              w.destination = w.destination.guest(Guest.ABSENT);
            }
            yield w.memoryIsMissing() && w.destination.active() ? Arrival.UNATTENDED : Arrival.NONE;
          }
        };
  }

  static void sourceAgent(World w) {
    w.source = w.source.agent(Alive.UP);
    if (w.source.note().transfer() instanceof TransferRecord.Started) {
      // A job that lives is followed to its end; of one that is over nobody knows how it ended.
      w.callLost = w.source.daemon() == Alive.DOWN || w.call == Call.NONE;
    }
  }

  /** The power is gone. What a daemon has not done yet it never does. */
  static void sourceDies(World w) {
    w.powerLost = true;
    w.source = w.source.dead(true);
    w.call = Call.NONE;
    w.callHeld = false;
    w.abortAsked = false;
    if (w.postCopy == PostCopy.ASKED) {
      w.postCopy = PostCopy.NONE;
    }
  }

  static void destinationDies(World w) {
    w.powerLost = true;
    boolean whole = w.arrival == Arrival.NONE || w.arrival == Arrival.STARTED;
    w.destination = w.destination.dead(whole || w.arrival == Arrival.UNATTENDED);
    w.arrival = Arrival.NONE;
  }

  static void sourceBoots(World w) {
    w.source = w.source.booted();
    if (w.source.runs()) {
      w.ranOn |= w.destination.active();
    }
    sourceAgent(w);
  }
}
