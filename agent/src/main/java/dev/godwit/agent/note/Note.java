package dev.godwit.agent.note;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;

/**
 * What this agent remembers of one migration, on disk, over its own restarts. It fences and it
 * tells of what can no longer be seen; where the guest runs is always looked up.
 *
 * @param epoch the highest seen; orders of an older one are refused
 * @param transfer how far the call that moves the guest got, on the source
 * @param attempts how often that call was made
 * @param error libvirt's text at its end
 * @param watchedBy the event session that was listening when the destination was prepared; the log
 *     is unbroken as long as that session lives
 * @param resumedSeen `Resumed` was seen here since
 * @param end how the guest's run ended here, as far as it was seen
 */
public record Note(
    @JsonProperty("migration") String migration,
    @JsonProperty("instance") String instance,
    @JsonProperty("epoch") long epoch,
    @JsonProperty("transfer") Transfer transfer,
    @JsonProperty("attempts") int attempts,
    @JsonProperty("error") String error,
    @JsonProperty("watched_by") String watchedBy,
    @JsonProperty("resumed_seen") boolean resumedSeen,
    @JsonProperty("end") GuestView.End end) {

  /** Kinds of {@link TransferRecord}. */
  public enum Transfer {
    NOT_STARTED,
    STARTED,
    ENDED,
    INTERRUPTED
  }

  static Note first(String migration, String instance) {
    return new Note(
        migration, instance, 0, Transfer.NOT_STARTED, 0, "", "", false, GuestView.End.UNKNOWN);
  }

  /** As the server is told. */
  public TransferRecord record() {
    return switch (transfer) {
      case NOT_STARTED -> new TransferRecord.NotStarted();
      case STARTED -> new TransferRecord.Started();
      case ENDED -> new TransferRecord.Ended(error);
      case INTERRUPTED -> new TransferRecord.Interrupted(attempts);
    };
  }

  /** The same under a newer owner. */
  public Note withEpoch(long newer) {
    return new Note(
        migration, instance, newer, transfer, attempts, error, watchedBy, resumedSeen, end);
  }

  /** The call is about to be made. */
  public Note started() {
    return new Note(
        migration,
        instance,
        epoch,
        Transfer.STARTED,
        attempts + 1,
        "",
        watchedBy,
        resumedSeen,
        end);
  }

  /** The call is over, or must never be made. */
  public Note ended(String why) {
    return new Note(
        migration, instance, epoch, Transfer.ENDED, attempts, why, watchedBy, resumedSeen, end);
  }

  /** The agent restarted and found no job. */
  public Note interrupted() {
    return new Note(
        migration,
        instance,
        epoch,
        Transfer.INTERRUPTED,
        attempts,
        error,
        watchedBy,
        resumedSeen,
        end);
  }

  /** The destination is prepared and this session listens. */
  public Note watched(String session) {
    return new Note(
        migration, instance, epoch, transfer, attempts, error, session, resumedSeen, end);
  }

  /** `Resumed` was seen. */
  public Note resumed() {
    return new Note(migration, instance, epoch, transfer, attempts, error, watchedBy, true, end);
  }

  /** The run ended. */
  public Note endedBy(GuestView.End how) {
    return new Note(
        migration, instance, epoch, transfer, attempts, error, watchedBy, resumedSeen, how);
  }
}
