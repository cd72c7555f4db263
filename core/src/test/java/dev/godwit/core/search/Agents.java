package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.search.SourceAgent.Dies;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Arrival;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import dev.godwit.core.search.World.PostCopy;
import java.time.Instant;
import java.util.Optional;

/** What the agents see and do: their acts as one step each, over the production fencing rule. */
final class Agents {
  static final StepReply DONE = new StepReply.Done();
  static final HostView UNKNOWN = new HostView.Unknown("no answer");
  static final StepReply SILENT = new StepReply.Unanswered("no agent answers");

  private final World w;
  private final Rules rules;
  private final Dies dies;
  private final SourceAgent here;
  private final DestinationAgent there;

  private Agents(World w, Rules rules, Dies dies) {
    this.w = w;
    this.rules = rules;
    this.dies = dies;
    this.here = new SourceAgent(w);
    this.there = new DestinationAgent(w);
  }

  /** Carries an order out in this world, changing it. */
  static StepReply execute(World w, Order order, Rules rules) {
    return new Agents(w, rules, Dies.NEVER).execute(order);
  }

  /** A fence in which the source's agent is killed. */
  static void fence(World w, Order order, Rules rules, Dies dies) {
    var _ = new Agents(w, rules, dies).execute(order);
    FaultSteps.sourceAgentDies(w);
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
    Optional<StepReply> known = rules.answer(note.epoch(), note.closedBy(), order);
    if (known.isPresent()) {
      return known.get();
    }
    StepReply reply =
        side(source).daemon() != Alive.UP ? daemonless(order.act()) : act(order.act(), source);
    if (rules.closes(order.act(), reply)) {
      note(source, side(source).note().closed(order.epoch().value()));
    }
    if (rules.supersedes(order.act(), reply)) {
      w.olderAtSource &= !source;
      w.olderAtDestination &= source;
    }
    return reply;
  }

  /** Acts that need no libvirt. */
  private StepReply daemonless(Act act) {
    return act instanceof Act.AbortTransfer && !here.started()
        ? here.abort()
        : refused("daemon-silent");
  }

  static StepReply refused(String code) {
    return new StepReply.Refused(new Refusal(code, "host", "it done", "a reason not to", "Wait."));
  }

  private StepReply act(Act act, boolean source) {
    return switch (act) {
      case Act.PrepareDirectories _ -> there.prepare();
      case Act.PrepareDisks _ -> DONE;
      case Act.DisarmAutostart() -> {
        w.source = w.source.autostart(false);
        yield DONE;
      }
      case Act.StartTransfer _ -> here.start();
      case Act.AbortTransfer() -> here.abort();
      case Act.StartPostCopy() -> here.startPostCopy();
      case Act.RecoverPostCopy _ -> here.recover();
      case Act.PauseToComplete() -> here.pauseToComplete();
      case Act.FenceSource(boolean looked) -> here.fence(looked, dies);
      case Act.SuspendStray() -> suspend(source);
      case Act.ResumeSource() -> w.source.note().over() ? DONE : here.resume();
      case Act.RestoreSource restore -> here.restore(restore);
      case Act.RunAtDestination(boolean resume, boolean autostart) -> there.run(resume, autostart);
      case Act.ClearDestinationDomain() -> there.clearDomain();
      case Act.ClearDestinationFiles _ -> there.clearFiles();
      case Act.ClearSourceDefinition() -> here.clearDefinition();
      case Act.ClearSourceFiles _ -> here.clearFiles();
      case Act.OwnDestinationFiles _ -> there.own();
    };
  }

  private StepReply suspend(boolean source) {
    Side side = side(source);
    if (side.guest() == Guest.RUNNING) {
      Side other = side(!source);
      if (!other.runs() && !other.ended() && !w.movedOn) {
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

  /** What the source's agent sees, in the order in which it reads. */
  static HostView ofSource(World w) {
    Side side = w.source;
    return side.answers()
        ? seen(w, side, side.active() && w.call != Call.NONE, JobView.OUTGOING)
        : UNKNOWN;
  }

  static HostView ofDestination(World w) {
    Side side = w.destination;
    return side.answers()
        ? seen(w, side, side.active() && w.arrival != Arrival.NONE, JobView.INCOMING)
        : UNKNOWN;
  }

  private static HostView seen(World w, Side side, boolean job, JobView kind) {
    Note note = side.note();
    boolean mayHaveRun = kind == JobView.INCOMING ? side.mayHaveRun() : side.mayHaveRunOn();
    boolean postCopy = job && kind == JobView.INCOMING && w.postCopy != PostCopy.NONE;
    GuestView guest =
        side.active()
            ? new GuestView.Active(
                side.runs() ? RunState.RUNNING : RunState.PAUSED,
                reason(side.guest(), postCopy),
                job ? kind : JobView.NONE,
                1,
                side.defined(),
                note.resumedSeen())
            : new GuestView.Inactive(side.defined(), side.end(), mayHaveRun);
    return new HostView.Seen(Instant.EPOCH, guest, note.transfer());
  }

  private static StateReason reason(Guest guest, boolean postCopy) {
    return switch (guest) {
      case RUNNING -> postCopy ? StateReason.POST_COPY : StateReason.OTHER;
      case ABSENT -> StateReason.OTHER;
      case PAUSED -> StateReason.USER;
      case PAUSED_BY_MOVE -> StateReason.MIGRATION;
      case POST_COPY -> StateReason.POST_COPY;
      case POST_COPY_FAILED -> StateReason.POST_COPY_FAILED;
    };
  }
}
