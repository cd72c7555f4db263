package dev.godwit.core.migration;

import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A migration that is over but for what hosts owe that are known dead. When one of them is back the
 * migration goes on from the first step that waits: each finds by looking what there is still to
 * do, whatever the host did before it died or since it is back.
 */
final class Owing {
  private static final Duration SELDOM = Duration.ofSeconds(5);

  private Owing() {}

  static Decision next(Migration migration, Observation seen, Instant now) {
    if (migration.rests()) {
      throw new IllegalStateException("migration %s is over".formatted(migration.id()));
    }
    boolean back =
        migration.owed().stream()
            .anyMatch(owed -> view(migration, owed, seen) instanceof HostView.Seen);
    boolean blind =
        migration.ruledForSource() && migration.owes(migration.source()) && !seen.movedOn();
    if (back && blind && !seen.sourceHasGuest()) {
      // When that was said nobody could look at it.
      return new Decision.Stay(
          "nothing of %s goes, for %s, which was ruled its home, is back without its definition: bring that back with 'virsh define'"
              .formatted(migration.destination(), migration.source()),
          true,
          List.of(),
          SELDOM);
    }
    return back
        ? goOn(migration, seen, now)
        : new Decision.Stay(words(migration), false, List.of(), SELDOM);
  }

  private static HostView view(Migration migration, Owed owed, Observation seen) {
    return owed.host().equals(migration.source()) ? seen.source() : seen.destination();
  }

  private static String words(Migration migration) {
    return migration.owed().stream()
        .map(owed -> "%s waits for %s".formatted(owed.step(), owed.host()))
        .collect(Collectors.joining("; "));
  }

  private static Decision goOn(Migration over, Observation seen, Instant now) {
    Migration migration = over.owingNothing();
    return switch (over.phase()) {
      case Phase.Cancelled(Ending ending) ->
          back(Transition.CANCELLED_HOST_RETURNED, migration, over.owed(), ending, seen, now);
      case Phase.Failed(Ending ending) ->
          back(Transition.FAILED_HOST_RETURNED, migration, over.owed(), ending, seen, now);
      case Phase.Completed(),
          Phase.Accepted(),
          Phase.Planned(),
          Phase.Preparing _,
          Phase.Transferring _,
          Phase.Settling _,
          Phase.RollingBack _ -> {
        SettleStep step = first(over.owed(), SettleStep::valueOf);
        // It may be the last copy: both are looked at first.
        boolean active = seen.source() instanceof HostView.Seen(_, GuestView.Active _, _);
        boolean looks = step.atSource() && active;
        yield Life.move(
            Transition.COMPLETED_HOST_RETURNED,
            migration,
            new Phase.Settling(looks ? SettleStep.SOURCE_SUSPENDED : step),
            now,
            looks ? List.of() : Settling.orders(migration, step, seen));
      }
    };
  }

  /** What was owed from the commit on may come after what was owed later. */
  private static <S extends Enum<S>> S first(List<Owed> owed, Function<String, S> named) {
    return Collections.min(owed.stream().map(Owed::step).map(named).toList());
  }

  private static Decision back(
      Transition transition,
      Migration migration,
      List<Owed> owed,
      Ending ending,
      Observation seen,
      Instant now) {
    RollbackStep step = first(owed, RollbackStep::valueOf);
    return Life.move(
        transition,
        migration,
        new Phase.RollingBack(step, ending),
        now,
        RollingBack.orders(migration, step, seen));
  }
}
