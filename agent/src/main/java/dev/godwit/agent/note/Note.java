package dev.godwit.agent.note;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;

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
 * @param resumedSeen `Resumed` was seen here since, or can no longer be ruled out
 * @param end how the guest's run ended here, as far as it was seen
 * @param fencing it was about to be destroyed here because it has moved: if somebody destroyed it,
 *     that was the fence
 * @param closedBy the epoch in which the last order of the migration for this host was carried out:
 *     nothing begins any more, and what happens to the guest is no longer this migration's; {@link
 *     Fencing#OPEN} before
 * @param downtimeLimitMs the pause that the copy was begun with; 0 leaves QEMU's own
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
    @JsonProperty("end") GuestView.End end,
    @JsonProperty("fencing") boolean fencing,
    @JsonProperty("closed_by") long closedBy,
    @JsonProperty("downtime_limit_ms") int downtimeLimitMs) {

  /** How far it got. */
  public enum Transfer {
    NOT_STARTED,
    STARTED,
    ENDED,
    INTERRUPTED,
    /** It was interrupted, and is not made again. */
    GIVEN_UP
  }

  /** Checked also when read: {@link IllegalArgumentException} names what is wrong. */
  public Note {
    MigrationId.of(migration);
    InstanceId.of(instance);
    if (epoch < 0 || closedBy < 0 || attempts < 0 || downtimeLimitMs < 0) {
      throw new IllegalArgumentException(
          "expected epochs, attempts and a downtime of at least 0, found %d and %d, %d and %d"
              .formatted(epoch, closedBy, attempts, downtimeLimitMs));
    }
  }

  static Note first(String migration, String instance) {
    return new Note(
        migration,
        instance,
        0,
        Transfer.NOT_STARTED,
        0,
        "",
        "",
        false,
        GuestView.End.UNKNOWN,
        false,
        Fencing.OPEN,
        0);
  }

  /** As the server is told. */
  public TransferRecord record() {
    return switch (transfer) {
      case NOT_STARTED -> new TransferRecord.NotStarted();
      case STARTED -> new TransferRecord.Started();
      case ENDED ->
          attempts == 0 ? new TransferRecord.Forbidden(error) : new TransferRecord.Ended(error);
      case INTERRUPTED -> new TransferRecord.Interrupted(attempts);
      case GIVEN_UP -> new TransferRecord.Ended(error);
    };
  }

  /** True when the last order of the migration for this host was carried out. */
  public boolean over() {
    return closedBy != Fencing.OPEN;
  }

  /** True on the destination, from the time it was prepared. */
  public boolean prepared() {
    return !watchedBy.isEmpty();
  }

  /** The same under a newer owner; an older one changes nothing. */
  public Note withEpoch(long newer) {
    return newer <= epoch ? this : owned(newer, closedBy);
  }

  /** The call is about to be made; what was seen before it tells nothing of it. */
  public Note started(int permittedDowntimeMs) {
    return new Note(
        migration,
        instance,
        epoch,
        Transfer.STARTED,
        attempts + 1,
        "",
        watchedBy,
        false,
        end,
        fencing,
        closedBy,
        permittedDowntimeMs);
  }

  /**
   * True when the agent that made the call lived to its end, so that a source which libvirt resumed
   * was seen: only that agent has libvirt's text. Of a call that went well there is none; then the
   * guest's end tells.
   */
  public boolean heardTheCall() {
    return transfer == Transfer.ENDED && !error.isEmpty();
  }

  /** The call is over. */
  public Note ended(String why) {
    return transfer(Transfer.ENDED, attempts, why);
  }

  /** The call is not made any more; nobody heard how one that was interrupted had ended. */
  public Note givenUp(String why) {
    return transfer == Transfer.NOT_STARTED
        ? ended(why)
        : transfer(Transfer.GIVEN_UP, attempts, why);
  }

  /** The agent restarted and found no job; only a call that was under way can be interrupted. */
  public Note interrupted() {
    return transfer == Transfer.STARTED ? transfer(Transfer.INTERRUPTED, attempts, error) : this;
  }

  private Note transfer(Transfer how, int times, String why) {
    return new Note(
        migration,
        instance,
        epoch,
        how,
        times,
        why,
        watchedBy,
        resumedSeen,
        end,
        fencing,
        closedBy,
        downtimeLimitMs);
  }

  /** The destination is prepared and this session listens. */
  public Note watched(String session) {
    return seen(session, resumedSeen, end, fencing);
  }

  /**
   * `Resumed` was seen, or nobody can tell any more that it did not come. Whoever destroys what
   * runs again is no fence.
   */
  public Note resumed() {
    return seen(watchedBy, true, end, false);
  }

  /** The run ended; or, with UNKNOWN, a new one began. One that moved away has no other end. */
  public Note endedBy(GuestView.End how) {
    return end == GuestView.End.MIGRATED && how != GuestView.End.UNKNOWN
        ? this
        : seen(watchedBy, resumedSeen, how, fencing && how != GuestView.End.UNKNOWN);
  }

  /** Somebody destroyed it here: its fence, where one was about to. */
  public Note destroyed() {
    return endedBy(fencing ? GuestView.End.MIGRATED : GuestView.End.SHUT_DOWN);
  }

  /** It is about to be destroyed here because it has moved. */
  public Note fenced() {
    return seen(watchedBy, resumedSeen, end, true);
  }

  /** It was not destroyed, for it ran. */
  public Note spared() {
    return seen(watchedBy, resumedSeen, end, false);
  }

  private Note seen(String session, boolean resumed, GuestView.End how, boolean aboutToFence) {
    return new Note(
        migration,
        instance,
        epoch,
        transfer,
        attempts,
        error,
        session,
        resumed,
        how,
        aboutToFence,
        closedBy,
        downtimeLimitMs);
  }

  /** Over without its last order, of any epoch; but for a call that is under way. */
  public Note superseded() {
    return transfer == Transfer.STARTED ? this : withEpoch(Long.MAX_VALUE).closed(Long.MAX_VALUE);
  }

  /** Nothing more comes for this host, unless a newer epoch orders it. */
  public Note closed(long by) {
    return owned(epoch, Math.max(by, closedBy));
  }

  private Note owned(long newest, long closing) {
    return new Note(
        migration,
        instance,
        newest,
        transfer,
        attempts,
        error,
        watchedBy,
        resumedSeen,
        end,
        fencing,
        closing,
        downtimeLimitMs);
  }
}
