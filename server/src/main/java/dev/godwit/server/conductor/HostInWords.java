package dev.godwit.server.conductor;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;

/** What a host was seen to hold, in words for people. */
final class HostInWords {
  private HostInWords() {}

  /** A sentence without its full stop. */
  static String sentence(HostView view) {
    return switch (view) {
      case HostView.Unknown(String why) -> "what it holds is not known: " + why;
      case HostView.Fenced(String by, var since) ->
          "it is known dead since %s, as %s recorded".formatted(since, by);
      case HostView.Seen(var _, GuestView guest, TransferRecord transfer) ->
          guest(guest) + transfer(transfer);
    };
  }

  private static String guest(GuestView guest) {
    return switch (guest) {
      case GuestView.Active active -> "the guest " + state(active) + job(active.job());
      case GuestView.Inactive(boolean defined, GuestView.End end, var _) ->
          (defined ? "the guest does not run, its definition is kept" : "nothing of the guest")
              + end(end);
    };
  }

  private static String state(GuestView.Active active) {
    return switch (active.state()) {
      case RUNNING -> running(active.reason());
      case PAUSED -> paused(active.reason());
      case SHUTTING_DOWN -> "is shutting down";
      case SHUT_OFF -> "is shut off";
      case CRASHED -> "has crashed";
      case SUSPENDED -> "sleeps";
      case OTHER -> "is in a state that libvirt does not name";
    };
  }

  private static String running(StateReason reason) {
    return switch (reason) {
      case POST_COPY -> "runs, and fetches the rest of its memory from the source (post-copy)";
      case POST_COPY_FAILED -> "runs, but the rest of its memory does not come: post-copy broke";
      case USER, MIGRATION, IO_ERROR, STARTING_UP, API_ERROR, MIGRATED, OTHER -> "runs";
    };
  }

  private static String paused(StateReason reason) {
    return switch (reason) {
      case USER -> "is paused, by its owner or until it is handed over";
      case MIGRATION -> "is paused by the migration";
      case IO_ERROR -> "is paused by an error of one of its disks";
      case STARTING_UP -> "is being received";
      case POST_COPY -> "is paused, and hands over the rest of its memory (post-copy)";
      case POST_COPY_FAILED -> "is paused, and cannot hand over its memory: post-copy broke";
      case API_ERROR -> "is paused: libvirt could not resume it";
      case MIGRATED, OTHER -> "is paused";
    };
  }

  private static String job(JobView job) {
    return switch (job) {
      case NONE -> "";
      case OUTGOING -> ", and is being sent to another host";
      case INCOMING -> ", while its memory still arrives";
      case OTHER -> ", with a job of another kind (a backup, a dump)";
    };
  }

  private static String end(GuestView.End end) {
    return switch (end) {
      case MIGRATED -> "; it moved away";
      case SHUT_DOWN -> "; it was shut down";
      case CRASHED -> "; it crashed";
      case UNKNOWN -> "";
    };
  }

  private static String transfer(TransferRecord transfer) {
    return switch (transfer) {
      case TransferRecord.NotStarted() -> "";
      case TransferRecord.Forbidden(String why) -> "; its transfer never began: " + why;
      case TransferRecord.Started() -> "; its transfer has been ordered";
      case TransferRecord.Ended(String error) ->
          error.isEmpty() ? "; its transfer is over" : "; its transfer ended with: " + error;
      case TransferRecord.Interrupted(int attempts) ->
          "; its transfer was interrupted after %d attempt%s"
              .formatted(attempts, attempts == 1 ? "" : "s");
    };
  }
}
