package dev.godwit.core.migration;

import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView.Fenced;
import dev.godwit.core.migration.transfer.HostView.Seen;
import dev.godwit.core.migration.transfer.HostView.Unknown;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.Transferring;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A post-copy whose stream broke: the destination runs the guest and waits for memory that only the
 * source has. It is recovered while both sides are there, and never given up by Godwit; where one
 * of them is gone, the guest is lost, and that is said.
 */
final class BrokenPostCopy {
  /**
   * For so long it is recovered as soon as may be. It is about as long as TCP, by Linux's own
   * settings, holds a connection on which nothing comes; after it QEMU gives the stream up by
   * itself, and a recovery needs somebody to mend what broke it.
   */
  static final Duration EAGER = Duration.ofMinutes(10);

  /** And then for ever. */
  static final Duration SELDOM = Duration.ofSeconds(30);

  private BrokenPostCopy() {}

  /** Both hosts were looked at. */
  static Decision next(Migration migration, Observation seen, Instant now) {
    return switch (seen.source()) {
      case Unknown(String why) -> Life.silent(migration, why, List.of(), now);
      case Fenced _ -> onward(migration, seen, now);
      case Seen(_, Inactive _, _) -> onward(migration, seen, now);
      case Seen(_, Active source, _) ->
          broken(source) ? destination(migration, seen, now) : onward(migration, seen, now);
    };
  }

  private static boolean broken(Active source) {
    return source.state() == RunState.PAUSED
        && source.reason() == StateReason.POST_COPY_FAILED
        && source.job() != JobView.NONE;
  }

  /** It goes on, or the source is gone: what follows is the fence's to find out. */
  private static Decision onward(Migration migration, Observation seen, Instant now) {
    return Life.move(
        Transition.SETTLE_NEXT,
        migration,
        new Phase.Settling(SettleStep.SOURCE_FENCED),
        now,
        Settling.orders(migration, SettleStep.SOURCE_FENCED, seen));
  }

  private static Decision destination(Migration migration, Observation seen, Instant now) {
    return switch (seen.destination()) {
      case Fenced _ -> PostCopyEnds.lostWithDestination(migration);
      case Seen(_, Inactive gone, _) ->
          seen.unchangedFor().compareTo(Transferring.SECOND_LOOK) < 0
              ? new Decision.Stay(
                  "post-copy broke, and the guest is not at the destination: looking twice",
                  true,
                  List.of(),
                  Transferring.SECOND_LOOK)
              : gone.end() == End.SHUT_DOWN
                  ? PostCopyEnds.shutDown(migration)
                  : PostCopyEnds.lostWithDestination(migration);
      case Unknown(String why) ->
          recover(
              migration,
              "the destination is silent (%s); %s"
                  .formatted(why, Refusals.sayDead(migration.destination())),
              WayOut.NONE,
              now);
      case Seen(_, Active there, _) ->
          hangs(seen) && there.job() == JobView.INCOMING
              ? recover(
                  migration,
                  "the QEMU of the destination may hang on memory that it lacks, for ever",
                  WayOut.endCopy(migration, migration.destination()).on(Hold.POST_COPY_HANGS),
                  now)
              : recover(
                  migration,
                  "mend the link between %s and %s"
                      .formatted(migration.source(), migration.destination()),
                  WayOut.NONE,
                  now);
    };
  }

  /** A QEMU that lacks a page of its guest's may hang on it, and libvirt waits for that QEMU. */
  private static boolean hangs(Observation seen) {
    return seen.reply() instanceof StepReply.Refused(Refusal reason)
        && reason.code().equals(Refusals.RECOVERY_HANGS);
  }

  private static Decision recover(Migration migration, String trouble, WayOut wayOut, Instant now) {
    boolean longAgo = Duration.between(migration.phaseSince(), now).compareTo(EAGER) > 0;
    String tried =
        longAgo
            ? "was not recovered within %d minutes; it is tried again each %d s, and the guest stands still until then"
                .formatted(EAGER.toMinutes(), SELDOM.toSeconds())
            : "is recovered when the hosts hear each other again";
    return new Decision.Stay(
        "post-copy broke and %s; %s".formatted(tried, trouble),
        wayOut,
        true,
        Orders.of(migration, SettleStep.POST_COPY_RECOVERED),
        longAgo ? SELDOM : Life.RETRY);
  }
}
