package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.libvirt.DomainStateReason;

/** Names that states have in the core. */
final class States {
  private States() {}

  static RunState run(DomainStateReason state) {
    return switch (state.state()) {
      case RUNNING, BLOCKED -> RunState.RUNNING;
      case PAUSED -> RunState.PAUSED;
      case SHUTDOWN -> RunState.SHUTTING_DOWN;
      case SHUTOFF -> RunState.SHUT_OFF;
      case CRASHED -> RunState.CRASHED;
      case PM_SUSPENDED -> RunState.SUSPENDED;
      case NO_STATE, UNKNOWN -> RunState.OTHER;
    };
  }

  static StateReason reason(DomainStateReason state) {
    return switch (state.reason()) {
      case PAUSED_USER -> StateReason.USER;
      case PAUSED_MIGRATION -> StateReason.MIGRATION;
      case PAUSED_IO_ERROR -> StateReason.IO_ERROR;
      case PAUSED_STARTING_UP -> StateReason.STARTING_UP;
      case PAUSED_POSTCOPY, RUNNING_POSTCOPY -> StateReason.POST_COPY;
      case PAUSED_POSTCOPY_FAILED, RUNNING_POSTCOPY_FAILED -> StateReason.POST_COPY_FAILED;
      case PAUSED_API_ERROR -> StateReason.API_ERROR;
      case RUNNING_MIGRATED, SHUTOFF_MIGRATED -> StateReason.MIGRATED;
      default -> StateReason.OTHER;
    };
  }

  /** What was noted, and else libvirt's word; only the note tells who destroyed it. */
  static GuestView.End end(DomainStateReason state, Note note) {
    if (note.fencing() && byTheFence(state, note)) {
      return GuestView.End.MIGRATED;
    }
    return note.end() == GuestView.End.UNKNOWN ? end(state) : note.end();
  }

  /**
   * When the fence was noted the move had it paused. Where libvirt forgot, at its restart, how it
   * ended, and nobody saw that, the fence destroyed it, or it fell as it stood there: in both cases
   * what came over is the newest of it. For anything else libvirt had to resume it by itself in the
   * moment of the fence, unseen, and to forget its end too.
   */
  private static boolean byTheFence(DomainStateReason state, Note note) {
    return switch (state.reason()) {
      case SHUTOFF_DESTROYED -> true;
      case SHUTOFF_UNSPECIFIED, SHUTOFF_DAEMON -> note.end() == GuestView.End.UNKNOWN;
      default -> false;
    };
  }

  private static GuestView.End end(DomainStateReason state) {
    return switch (state.reason()) {
      case SHUTOFF_MIGRATED -> GuestView.End.MIGRATED;
      case SHUTOFF_SHUTDOWN, SHUTOFF_DESTROYED -> GuestView.End.SHUT_DOWN;
      case SHUTOFF_CRASHED -> GuestView.End.CRASHED;
      default -> GuestView.End.UNKNOWN;
    };
  }
}
