package dev.godwit.core.migration.transfer;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Orders;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The beginning of the copy: ordered until it is under way, or forbidden for good. */
final class Start {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Start() {}

  /** Orders it, or forbids it where nobody wants it any more. */
  static Decision next(Migration migration, Row row, Observation seen, Instant now) {
    if (unwanted(migration)) {
      String why = givenUp(migration).map(Refusal::sentence).orElse(row.meaning());
      return Life.stay(why, List.of(neverStart(migration)), Transferring.SOON);
    }
    boolean overdue = Duration.between(migration.phaseSince(), now).compareTo(PATIENCE) > 0;
    List<Order> again = List.of(Orders.startTransfer(migration));
    return switch (seen.reply()) {
      // The source lives and says so: this copy begins when others have ended, however long.
      case StepReply.Refused(var reason) when hasItsTurn(reason) ->
          new Decision.Stay(reason.sentence(), overdue, again, Transferring.WATCH);
      case StepReply.Refused(var reason) when overdue -> giveUp(migration, reason, now);
      case StepReply.Unanswered(String why) when overdue ->
          giveUp(migration, Refusals.silent(PhaseName.TRANSFERRING, why), now);
      case StepReply.Refused _, StepReply.Unanswered _, StepReply.None(), StepReply.Done _ ->
          Life.stay(row.meaning(), again, Transferring.soon(seen));
    };
  }

  private static boolean hasItsTurn(Refusal reason) {
    return reason.code().equals(Refusals.TOO_MANY_MOVES)
        || reason.code().equals(Refusals.AGENT_BUSY);
  }

  /** Recorded, for no start may follow the order that forbids it. */
  private static Decision giveUp(Migration migration, Refusal reason, Instant now) {
    return new Decision.Move(
        Transition.START_GIVEN_UP,
        reason.sentence(),
        Life.move(
                Transition.START_GIVEN_UP,
                migration,
                new Phase.Transferring(Optional.of(reason)),
                now,
                List.of())
            .next(),
        List.of());
  }

  /** Why it was given up; empty while it may begin. */
  static Optional<Refusal> givenUp(Migration migration) {
    return migration.phase() instanceof Phase.Transferring(Optional<Refusal> reason)
        ? reason
        : Optional.empty();
  }

  /** True when the copy shall not begin, or end when it did. */
  static boolean unwanted(Migration migration) {
    return migration.wishes().abort() || givenUp(migration).isPresent();
  }

  /** The source's agent carries out one order at a time: after this one no copy begins any more. */
  static Order neverStart(Migration migration) {
    return Orders.atSource(migration, new Act.AbortTransfer());
  }
}
