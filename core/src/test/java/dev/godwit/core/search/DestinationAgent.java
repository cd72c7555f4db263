package dev.godwit.core.search;

import static dev.godwit.core.search.Agents.DONE;
import static dev.godwit.core.search.Agents.refused;

import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Newest;

/** The acts of the destination's agent, each in one step. */
final class DestinationAgent {
  private final World w;

  DestinationAgent(World w) {
    this.w = w;
  }

  StepReply prepare() {
    if (w.destination.active() || w.destination.defined()) {
      return refused("domain-in-the-way");
    }
    w.files = Files.MARKED;
    w.destination = w.destination.note(w.destination.note().listening());
    return DONE;
  }

  StepReply run(boolean resume, boolean autostart) {
    boolean there = w.destination.active();
    if (!there && !w.destination.defined()) {
      return w.destination.mayHaveRun() ? DONE : refused("destination-empty");
    }
    if (there && w.arrival != Arrival.NONE) {
      return refused(Refusals.STILL_ARRIVING);
    }
    if (there && resume && !w.destination.runs() && !w.destination.note().resumedSeen()) {
      start();
    }
    if (autostart && w.destination.defined()) {
      w.destination = w.destination.autostart(true);
    }
    return DONE;
  }

  private void start() {
    if (w.source.active() && !w.mistaken) {
      w.broken = "the destination is started while the source is there";
    }
    if (w.ranOn && !w.mistaken && w.plan.writableDiskShared()) {
      w.broken = "old memory is started over a disk that the source wrote";
    }
    if (w.newest == Newest.HERE && !w.mistaken && !w.migration.ruledFor(w.plan.destination())) {
      w.broken = "an arrival is started that is older than what the source did since";
    }
    w.destination = w.destination.guest(Guest.RUNNING).note(w.destination.note().resumed());
    w.ranAtDestination = true;
  }

  StepReply clearDomain() {
    if (!w.destination.note().prepared()) {
      return DONE;
    }
    if (w.destination.runs()) {
      return refused(Refusals.DESTINATION_RUNS);
    }
    if (w.destination.active()) {
      destroy();
    }
    if (w.destination.mayHaveRun()) {
      w.destination = w.destination.note(w.destination.note().resumed());
    }
    w.destination = w.destination.defined(false);
    return DONE;
  }

  void destroy() {
    if (!w.source.active() && !w.source.ended() && !w.movedOn) {
      w.broken = "the destination's guest is destroyed though the source has none";
    }
    boolean heard = w.destination.note().unbroken();
    w.unwitnessed |= w.arrival == Arrival.DEFINED && !w.plan.arrivesPaused() && !heard;
    w.destination = LibvirtSteps.destroyed(w.destination);
    w.arrival = Arrival.NONE;
  }

  StepReply clearFiles() {
    boolean there = w.destination.active() || w.destination.defined();
    if (w.destination.note().prepared() && there) {
      return refused("domain-in-the-way");
    }
    w.files = Files.NONE;
    return DONE;
  }

  StepReply own() {
    if (w.files != Files.NONE) {
      w.files = Files.OWNED;
    }
    return DONE;
  }
}
