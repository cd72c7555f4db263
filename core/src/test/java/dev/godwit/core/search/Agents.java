package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Files;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.Note;
import dev.godwit.core.search.World.Side;
import java.time.Instant;
import java.util.Optional;

/** What the agents see and do: their acts as one step each, over the production fencing rule. */
final class Agents {
  private static final StepReply DONE = new StepReply.Done();
  private static final HostView UNKNOWN = new HostView.Unknown("no answer");
  private static final StepReply SILENT = new StepReply.Unanswered("no agent answers");

  private final World w;
  private final Rules rules;

  private Agents(World w, Rules rules) {
    this.w = w;
    this.rules = rules;
  }

  /** Carries an order out in this world, changing it. */
  static StepReply execute(World w, Order order, Rules rules) {
    return new Agents(w, rules).execute(order);
  }

  private boolean atSource(Order order) {
    return order.host().equals(w.migration.source());
  }

  private Side side(boolean source) {
    return source ? w.source : w.destination;
  }

  private void note(boolean source, Note note) {
    if (source) {
      w.source = w.source.note(note);
    } else {
      w.destination = w.destination.note(note);
    }
  }

  private StepReply execute(Order order) {
    boolean source = atSource(order);
    if (side(source).agent() == Alive.DOWN) {
      return SILENT;
    }
    note(source, side(source).note().raised(order.epoch().value()));
    Note note = side(source).note();
    Optional<StepReply> known = rules.answer(note.epoch(), note.over(), order);
    if (known.isPresent()) {
      return known.get();
    }
    StepReply reply =
        side(source).daemon() != Alive.UP ? daemonless(order.act()) : act(order.act(), source);
    if (rules.closes(order.act(), reply)) {
      note(source, side(source).note().closed());
    }
    return reply;
  }

  /** Acts that need no libvirt. */
  private StepReply daemonless(Act act) {
    return act instanceof Act.AbortTransfer && !started() ? abort() : refused("daemon-silent");
  }

  private static StepReply refused(String code) {
    return new StepReply.Refused(new Refusal(code, "host", "it done", "a reason not to", "Wait."));
  }

  private StepReply act(Act act, boolean source) {
    return switch (act) {
      case Act.PrepareDirectories _ -> prepare();
      case Act.PrepareDisks _ -> DONE;
      case Act.DisarmAutostart() -> {
        w.source = w.source.autostart(false);
        yield DONE;
      }
      case Act.StartTransfer _ -> start();
      case Act.AbortTransfer() -> abort();
      case Act.StartPostCopy(), Act.PauseToComplete() -> DONE;
      case Act.FenceSource() -> fence();
      case Act.SuspendStray() -> suspend(source);
      case Act.ResumeSource() -> resume();
      case Act.RestoreSource(boolean autostart, boolean resume) -> restore(autostart, resume);
      case Act.RunAtDestination(boolean resume, boolean autostart) -> run(resume, autostart);
      case Act.ClearDestinationDomain() -> clearDomain();
      case Act.ClearDestinationFiles _ -> clearFiles();
      case Act.ClearSourceDefinition() -> clearDefinition();
      case Act.ClearSourceFiles _ -> clearSourceFiles();
      case Act.OwnDestinationFiles _ -> {
        if (w.files != Files.NONE) {
          w.files = Files.OWNED;
        }
        yield DONE;
      }
    };
  }

  private StepReply prepare() {
    if (w.destination.active() || w.destination.defined()) {
      return refused("domain-in-the-way");
    }
    w.files = Files.MARKED;
    w.destination = w.destination.note(w.destination.note().listening());
    return DONE;
  }

  private boolean started() {
    return w.source.note().transfer() instanceof TransferRecord.Started;
  }

  private StepReply start() {
    boolean due =
        switch (w.source.note().transfer()) {
          case TransferRecord.NotStarted(), TransferRecord.Interrupted _ -> true;
          case TransferRecord.Started(), TransferRecord.Ended _ -> false;
        };
    if (!due) {
      return DONE;
    }
    w.attempts++;
    w.source = w.source.note(w.source.note().with(new TransferRecord.Started()));
    if (w.source.active() && w.call == Call.NONE) {
      w.call = Call.BEGIN;
    }
    return DONE;
  }

  private StepReply abort() {
    switch (w.source.note().transfer()) {
      case TransferRecord.NotStarted(), TransferRecord.Interrupted _ ->
          w.source =
              w.source.note(w.source.note().with(new TransferRecord.Ended("aborted before")));
      case TransferRecord.Started() -> w.abortAsked |= w.call == Call.COPYING;
      case TransferRecord.Ended _ -> {}
    }
    return DONE;
  }

  private StepReply fence() {
    return switch (w.source.guest()) {
      case ABSENT -> DONE;
      case RUNNING -> refused(Refusals.SOURCE_RUNS);
      case PAUSED, PAUSED_BY_MOVE -> {
        destroySource();
        yield DONE;
      }
    };
  }

  private void destroySource() {
    if (!w.destination.active() && !w.ranAtDestination && !w.guestEnded) {
      w.broken = "the source is destroyed though the destination has no guest";
    }
    w.source = LibvirtSteps.stopped(w.source, GuestView.End.SHUT_DOWN);
    w.call = Call.NONE;
  }

  private StepReply suspend(boolean source) {
    Side side = side(source);
    if (side.guest() == Guest.RUNNING) {
      Side other = side(!source);
      if (other.guest() != Guest.RUNNING && !w.guestEnded) {
        w.broken = "the only copy that runs is suspended";
      }
      if (source) {
        w.source = side.guest(Guest.PAUSED);
      } else {
        w.destination = side.guest(Guest.PAUSED);
      }
    }
    return DONE;
  }

  private StepReply resume() {
    if (!w.source.active()) {
      return refused("source-off");
    }
    if (w.call != Call.NONE) {
      return refused("source-busy");
    }
    runSource();
    return DONE;
  }

  private void runSource() {
    if (w.source.guest() == Guest.RUNNING) {
      return;
    }
    if (w.destination.guest() == Guest.RUNNING) {
      w.broken = "the source is resumed while the destination runs";
    }
    if (w.ranAtDestination && w.migration.planned().writableDiskShared()) {
      w.broken = "old memory is resumed over a disk that the destination wrote";
    }
    w.source = w.source.guest(Guest.RUNNING);
  }

  private StepReply restore(boolean autostart, boolean resume) {
    if (w.source.active() && w.call != Call.NONE) {
      return refused("source-busy");
    }
    if (autostart && w.source.defined()) {
      w.source = w.source.autostart(true);
    }
    if (resume && w.source.active()) {
      runSource();
    }
    return DONE;
  }

  private StepReply run(boolean resume, boolean autostart) {
    boolean there = w.destination.active();
    if (!there && !w.destination.defined()) {
      return w.destination.mayHaveRun() ? DONE : refused("destination-empty");
    }
    if (there && w.arrival != Arrival.NONE) {
      return refused("still-arriving");
    }
    if (there
        && resume
        && w.destination.guest() != Guest.RUNNING
        && !w.destination.note().resumedSeen()) {
      if (w.source.active()) {
        w.broken = "the destination is started while the source is there";
      }
      w.destination = w.destination.guest(Guest.RUNNING).note(w.destination.note().resumed());
      w.ranAtDestination = true;
    }
    if (autostart && w.destination.defined()) {
      w.destination = w.destination.autostart(true);
    }
    return DONE;
  }

  private StepReply clearDomain() {
    if (!w.destination.note().prepared()) {
      return DONE;
    }
    if (w.destination.guest() == Guest.RUNNING) {
      return refused(Refusals.DESTINATION_RUNS);
    }
    if (w.destination.active()) {
      if (!w.source.active() && !w.guestEnded) {
        w.broken = "the destination's guest is destroyed though the source has none";
      }
      w.destination = LibvirtSteps.stopped(w.destination, GuestView.End.SHUT_DOWN);
      w.arrival = Arrival.NONE;
    }
    if (w.destination.mayHaveRun()) {
      w.destination = w.destination.note(w.destination.note().resumed());
    }
    w.destination = w.destination.defined(false);
    return DONE;
  }

  private StepReply clearFiles() {
    boolean there = w.destination.active() || w.destination.defined();
    if (w.destination.note().prepared() && there) {
      return refused("domain-in-the-way");
    }
    w.files = Files.NONE;
    return DONE;
  }

  private StepReply clearDefinition() {
    if (w.source.active()) {
      return refused(Refusals.SOURCE_RUNS);
    }
    w.source = w.source.defined(false);
    return DONE;
  }

  private StepReply clearSourceFiles() {
    if (w.source.active()) {
      return refused(Refusals.SOURCE_RUNS);
    }
    if (w.source.defined()) {
      return refused("source-defined");
    }
    if (!w.migration.planned().writableDiskShared()) {
      w.sourceDisk = false;
    }
    return DONE;
  }

  /** What the source's agent sees, in the order in which it reads. */
  static HostView ofSource(World w) {
    Side side = w.source;
    return side.answers()
        ? seen(side, side.active() && w.call != Call.NONE, JobView.OUTGOING)
        : UNKNOWN;
  }

  static HostView ofDestination(World w) {
    Side side = w.destination;
    return side.answers()
        ? seen(side, side.active() && w.arrival != Arrival.NONE, JobView.INCOMING)
        : UNKNOWN;
  }

  private static HostView seen(Side side, boolean job, JobView kind) {
    Note note = side.note();
    GuestView guest =
        side.active()
            ? new GuestView.Active(
                side.guest() == Guest.RUNNING ? RunState.RUNNING : RunState.PAUSED,
                reason(side.guest()),
                job ? kind : JobView.NONE,
                1,
                side.defined(),
                note.resumedSeen())
            : new GuestView.Inactive(side.defined(), note.end(), side.mayHaveRun());
    return new HostView.Seen(Instant.EPOCH, guest, note.transfer());
  }

  private static StateReason reason(Guest guest) {
    return switch (guest) {
      case RUNNING, ABSENT -> StateReason.OTHER;
      case PAUSED -> StateReason.USER;
      case PAUSED_BY_MOVE -> StateReason.MIGRATION;
    };
  }
}
