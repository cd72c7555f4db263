package dev.godwit.core.migration;

import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** After the commit: forward only, each step retried until its host confirms it. */
final class Settling {
  private static final Duration HEALTHY = Duration.ofSeconds(10);
  private static final Duration POST_COPY_LOOK = Duration.ofMillis(250);

  private Settling() {}

  static Decision next(Migration migration, SettleStep step, Observation seen, Instant now) {
    return switch (seen.reply()) {
      case StepReply.None() ->
          Life.stay("settling: " + step, Orders.of(migration, step), Life.RETRY);
      case StepReply.Unanswered(String why) ->
          Life.stay(why, Orders.of(migration, step), Life.RETRY);
      case StepReply.Refused(Refusal reason) -> refused(migration, step, reason, now);
      case StepReply.Done() ->
          step.next()
              .<Decision>map(next ->
                  Life.move(
                      Transition.SETTLE_NEXT,
                      migration,
                      new Phase.Settling(next),
                      now,
                      Orders.of(migration, next)))
              .orElseGet(() ->
                  Life.move(Transition.COMPLETE, migration, new Phase.Completed(), now, List.of()));
    };
  }

  private static Decision refused(
      Migration migration, SettleStep step, Refusal reason, Instant now) {
    if (step == SettleStep.SOURCE_FENCED && reason.code().equals(Refusals.SOURCE_IN_POST_COPY)) {
      return Life.stay("post-copy goes on", Orders.of(migration, step), POST_COPY_LOOK);
    }
    if (step == SettleStep.SOURCE_FENCED && reason.code().equals(Refusals.SOURCE_RUNS)) {
      return split(migration, now);
    }
    return new Decision.Stay(reason.sentence(), true, Orders.of(migration, step), Life.RETRY);
  }

  /**
   * libvirt resumed the source after the commit. The stray is suspended at once; it is destroyed
   * only where no writable disk is shared, and only after the owner was there for a while.
   */
  private static Decision split(Migration migration, Instant now) {
    Order suspend = Orders.atSource(migration, new Act.SuspendStray());
    boolean ownerHealthy = Duration.between(migration.phaseSince(), now).compareTo(HEALTHY) >= 0;
    boolean mayDestroy = ownerHealthy && !migration.planned().writableDiskShared();
    List<Order> orders =
        mayDestroy
            ? List.of(suspend, Orders.atSource(migration, new Act.FenceSource()))
            : List.of(suspend);
    return new Decision.Stay(
        "two copies ran: the source's is suspended, the destination owns the guest",
        true,
        orders,
        Life.RETRY);
  }
}
