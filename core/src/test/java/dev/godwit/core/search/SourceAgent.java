package dev.godwit.core.search;

import static dev.godwit.core.search.Agents.DONE;
import static dev.godwit.core.search.Agents.refused;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.PostCopy;

/** The acts of the source's agent, each in one step. */
final class SourceAgent {
  /** Whether its agent is killed in a fence, before it destroys the source or notes it. */
  enum Dies {
    NEVER,
    BEFORE_IT,
    AFTER_IT
  }

  /** Nobody heard how the call had ended: {@link Side#mayHaveRunOn}. */
  private static final String UNHEARD = "";

  private final World w;

  SourceAgent(World w) {
    this.w = w;
  }

  boolean started() {
    return w.source.note().transfer() instanceof TransferRecord.Started;
  }

  StepReply start() {
    boolean due =
        switch (w.source.note().transfer()) {
          case TransferRecord.NotStarted(), TransferRecord.Interrupted _ -> true;
          case TransferRecord.Started(), TransferRecord.Ended _, TransferRecord.Forbidden _ ->
              false;
        };
    if (!due) {
      return DONE;
    }
    if (w.source.active() && w.source.runs() == w.plan.ownerPaused()) {
      ends("the plan is outdated");
      return refused("plan-outdated");
    }
    w.attempts++;
    w.callHeld = true;
    w.source = w.source.note(w.source.note().started());
    if (w.source.active() && w.call == Call.NONE) {
      w.call = Call.BEGIN;
    }
    return DONE;
  }

  private void ends(String why) {
    Note note = w.source.note();
    boolean began = note.transfer() instanceof TransferRecord.Interrupted;
    w.source =
        w.source.note(
            began
                ? note.with(new TransferRecord.Ended(UNHEARD))
                : note.with(new TransferRecord.Forbidden(why)));
  }

  StepReply abort() {
    switch (w.source.note().transfer()) {
      case TransferRecord.NotStarted(), TransferRecord.Interrupted _ -> ends("aborted before");
      case TransferRecord.Started() -> w.abortAsked |= w.call == Call.COPYING;
      case TransferRecord.Ended _, TransferRecord.Forbidden _ -> {}
    }
    return DONE;
  }

  StepReply startPostCopy() {
    if (w.call == Call.COPYING && w.postCopy == PostCopy.NONE) {
      w.postCopy = PostCopy.ASKED;
    }
    return DONE;
  }

  /** libvirt's post-copy resume; refused while the other side still waits in its first Finish. */
  StepReply recover() {
    boolean possible =
        w.source.guest() == Guest.POST_COPY_FAILED
            && w.call == Call.UNATTENDED
            && w.postCopy == PostCopy.BROKEN
            && w.destination.runs()
            && w.arrival == Arrival.UNATTENDED
            && w.destination.daemon() == Alive.UP
            && w.link;
    if (possible) {
      w.postCopy = PostCopy.ON;
      w.source = w.source.guest(Guest.POST_COPY);
      w.call = Call.FINISHING;
      w.arrival = Arrival.STARTED;
    }
    return DONE;
  }

  StepReply pauseToComplete() {
    boolean inCopy = w.call == Call.COPYING || w.call == Call.SWITCHED;
    if (inCopy && w.source.runs()) {
      w.source = w.source.guest(Guest.PAUSED_BY_MOVE);
    }
    return DONE;
  }

  StepReply fence(boolean looked, Dies dies) {
    return switch (w.source.guest()) {
      case ABSENT ->
          looked || w.source.end() == GuestView.End.MIGRATED || !w.source.mayHaveRunOn()
              ? DONE
              : refused(Refusals.SOURCE_RUNS);
      case RUNNING -> {
        w.source = w.source.note(w.source.note().fencing(false));
        yield refused(Refusals.SOURCE_RUNS);
      }
      case POST_COPY -> refused(Refusals.SOURCE_IN_POST_COPY);
      case POST_COPY_FAILED -> refused(Refusals.SOURCE_POST_COPY_FAILED);
      case PAUSED, PAUSED_BY_MOVE -> {
        if (!looked && w.source.guest() == Guest.PAUSED) {
          yield refused(Refusals.SOURCE_RUNS);
        }
        // First, for libvirt will say only that somebody had destroyed it.
        w.source = w.source.note(w.source.note().fencing(true));
        if (dies != Dies.NEVER) {
          FaultSteps.sourceAgentDies(w);
        }
        if (dies != Dies.BEFORE_IT) {
          destroy();
        }
        yield DONE;
      }
    };
  }

  void destroy() {
    if (!w.destination.active() && !w.destination.ended() && !w.movedOn) {
      w.broken = "the source is destroyed though the destination has no guest";
    }
    w.source = LibvirtSteps.destroyed(w.source);
    w.call = Call.NONE;
  }

  StepReply resume() {
    if (!w.source.active()) {
      return refused("source-off");
    }
    if (w.call != Call.NONE) {
      return refused("source-busy");
    }
    run();
    return DONE;
  }

  private void run() {
    if (w.source.runs()) {
      return;
    }
    if (w.pausedSince) {
      w.broken = "a pause of the owner's is lifted";
    }
    if (w.destination.runs() && !w.mistaken) {
      w.broken = "the source is resumed while the destination runs";
    }
    if (w.ranAtDestination && !w.mistaken && w.plan.writableDiskShared()) {
      w.broken = "old memory is resumed over a disk that the destination wrote";
    }
    w.source = w.source.guest(Guest.RUNNING).note(w.source.note().resumed());
  }

  StepReply restore(Act.RestoreSource asked) {
    if (w.source.active() && w.call != Call.NONE) {
      return refused("source-busy");
    }
    if (!w.source.active() && !w.source.defined()) {
      return asked.needed() ? refused(Refusals.SOURCE_GONE) : DONE;
    }
    if (asked.autostart() && w.source.defined()) {
      w.source = w.source.autostart(true);
    }
    if (asked.resume() && !w.source.note().over() && w.source.active()) {
      run();
    }
    return DONE;
  }

  StepReply clearDefinition() {
    if (w.source.active()) {
      return refused(Refusals.SOURCE_RUNS);
    }
    w.source = w.source.defined(false);
    return DONE;
  }

  StepReply clearFiles() {
    if (w.source.active()) {
      return refused(Refusals.SOURCE_RUNS);
    }
    if (w.source.defined()) {
      return refused("source-defined");
    }
    if (!w.plan.copiedDisks().isEmpty()) {
      w.sourceDisk = false;
    }
    return DONE;
  }
}
