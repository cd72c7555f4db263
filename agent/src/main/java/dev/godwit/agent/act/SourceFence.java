package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Sees to it that a source whose guest has moved can never run again. */
public final class SourceFence {
  /** libvirt puts its QEMU away within some 200 ms of the hand-over. */
  private static final Duration LEAVES_BY_ITSELF = Duration.ofSeconds(2);

  /** A QEMU that a signal does not end sits in the kernel, on its disk perhaps. */
  private static final Duration GIVE_UP = Duration.ofSeconds(20);

  /** Not oftener: libvirt and the guest at the destination need these moments more. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Notebook notebook;
  private final Look look;
  private final Tempo tempo;

  public SourceFence(Daemon daemon, Notebook notebook, Look look, Tempo tempo) {
    this.daemon = daemon;
    this.notebook = notebook;
    this.look = look;
    this.tempo = tempo;
  }

  /**
   * Seen gone; or, when it stays, destroyed in the same step that sees it paused. A running one is
   * refused, never destroyed.
   *
   * @param looked without that, one is refused, too, that may have run since the hand-over
   */
  StepReply fence(Note note, boolean looked) {
    long begin = tempo.nanoTime();
    while (tempo.nanoTime() - begin < GIVE_UP.toNanos()) {
      switch (look.at(note)) {
        case HostView.Unknown(String why) -> {
          return SourceActs.unknown(why);
        }
        // Only a server knows of fences.
        case HostView.Fenced(String by, var _) -> {
          return SourceActs.unknown("fenced by " + by);
        }
        case HostView.Seen(var _, GuestView.Inactive gone, var _) -> {
          return looked || gone.end() == GuestView.End.MIGRATED || !gone.mayHaveRun()
              ? DONE
              : runs("one that may have run on, and is off");
        }
        case HostView.Seen(var _, GuestView.Active active, var _) -> {
          boolean due =
              active.job() == JobView.NONE
                  || tempo.nanoTime() - begin >= LEAVES_BY_ITSELF.toNanos();
          if (inPostCopy(active)) {
            return postCopy(active.reason());
          }
          if (due && !(looked ? still(active.state()) : pausedByTheMove(active))) {
            change(note, Note::spared);
            return runs("%s, %s".formatted(active.state(), active.reason()));
          }
          if (due) {
            destroyPaused(note, active.domainId());
          }
        }
      }
      pause();
    }
    return SourceActs.refused(
        "source-stays", "a source that is gone", "one that is paused and does not end");
  }

  /** Its vCPUs do not run and will not start by themselves. */
  private static boolean still(RunState state) {
    return state == RunState.PAUSED || state == RunState.CRASHED;
  }

  /** Whatever else paused it, it ran before that. */
  private static boolean pausedByTheMove(GuestView.Active active) {
    return active.state() == RunState.PAUSED
        && (active.reason() == StateReason.MIGRATION || active.reason() == StateReason.API_ERROR);
  }

  private static StepReply runs(String found) {
    return SourceActs.refused(
        Refusals.SOURCE_RUNS, "a source that is gone, or paused by the move", found);
  }

  private static StepReply postCopy(StateReason reason) {
    String expected = "a source without memory of the guest";
    return reason == StateReason.POST_COPY_FAILED
        ? SourceActs.refused(Refusals.SOURCE_POST_COPY_FAILED, expected, "a post-copy that broke")
        : SourceActs.refused(Refusals.SOURCE_IN_POST_COPY, expected, "post-copy goes on");
  }

  private static boolean inPostCopy(GuestView.Active active) {
    return active.job() != JobView.NONE
        && active.state() == RunState.PAUSED
        && (active.reason() == StateReason.POST_COPY
            || active.reason() == StateReason.POST_COPY_FAILED);
  }

  /**
   * Noted first: libvirt would say for ever that somebody had shut it down here, and whoever does
   * not know of the commit any more would take that for the guest's own end.
   */
  private void destroyPaused(Note note, int domainId) {
    change(note, Note::fenced);
    try {
      boolean destroyed =
          daemon.ask(
              Daemon.Use.FENCE,
              connection ->
                  connection
                      .domain(UUID.fromString(note.instance()))
                      .destroyIf(domainId, EnumSet.of(DomainState.PAUSED, DomainState.CRASHED)));
      if (destroyed) {
        // libvirt forgets at its restart that somebody destroyed it.
        change(note, it -> it.endedBy(GuestView.End.MIGRATED));
      }
    } catch (LibvirtException e) {
      // It left in the meantime: the next look says so.
      if (!e.isNoDomain() && !e.isOperationInvalid()) {
        throw e;
      }
    }
  }

  private void change(Note note, UnaryOperator<Note> change) {
    notebook.change(note.migration(), note.instance(), change);
  }

  private void pause() {
    try {
      tempo.rest(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fencing", e);
    }
  }
}
