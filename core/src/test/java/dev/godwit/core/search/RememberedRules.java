package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The same rules; a decision that was made once is not made again, for the rules are pure. */
final class RememberedRules implements Rules {
  private final Rules rules;
  private final Packing packing;
  private final Map<Asked, Decision> decisions = new HashMap<>();

  /** By their numbers: millions of times the same few are asked about. */
  private record Asked(
      int migration,
      int source,
      int destination,
      Duration unchangedFor,
      int reply,
      boolean plan,
      boolean movedOn,
      Instant now) {}

  RememberedRules(Rules rules, Packing packing) {
    this.rules = rules;
    this.packing = packing;
  }

  @Override
  public Decision next(Migration migration, Observation seen, Instant now) {
    Asked asked =
        new Asked(
            packing.number(migration),
            packing.number(seen.source()),
            packing.number(seen.destination()),
            seen.unchangedFor(),
            packing.number(seen.reply()),
            seen.plan().isPresent(),
            seen.movedOn(),
            now);
    Decision known = decisions.get(asked);
    if (known == null) {
      known = the(rules.next(migration, seen, now));
      decisions.put(asked, known);
    }
    return known;
  }

  /** The same of all equal ones. */
  private Decision the(Decision decision) {
    return switch (decision) {
      case Decision.FindDestination _ -> decision;
      case Decision.Stay stay -> stay.meanwhile(packing.one(stay.orders()), stay.lookAgain());
      case Decision.Move move ->
          new Decision.Move(
              move.transition(),
              move.why(),
              packing.one(ServerSteps.timeless(move.next())),
              packing.one(move.orders()));
    };
  }

  @Override
  public Optional<StepReply> answer(long epochSeen, long closedBy, Order order) {
    return rules.answer(epochSeen, closedBy, order);
  }

  @Override
  public boolean closes(Act act, StepReply reply) {
    return rules.closes(act, reply);
  }

  @Override
  public boolean supersedes(Act act, StepReply reply) {
    return rules.supersedes(act, reply);
  }
}
