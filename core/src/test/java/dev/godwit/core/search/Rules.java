package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import java.time.Instant;
import java.util.Optional;

/** What decides: in production, and broken on purpose where the search has to prove its worth. */
interface Rules {
  /** As in production. */
  Rules PRODUCTION = new Rules() {};

  /** What is done next. */
  default Decision next(Migration migration, Observation seen, Instant now) {
    return Life.next(migration, seen, now);
  }

  /** What an agent answers without acting. */
  default Optional<StepReply> answer(long epochSeen, long closedBy, Order order) {
    return Fencing.answer(epochSeen, closedBy, order);
  }

  /** Whether an act, so answered, is a migration's last for its host. */
  default boolean closes(Act act, StepReply reply) {
    return Fencing.closes(act, reply);
  }

  /** Whether an act, so answered, ends what an earlier migration left open on its host. */
  default boolean supersedes(Act act, StepReply reply) {
    return Fencing.supersedes(act, reply);
  }
}
