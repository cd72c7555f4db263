package dev.godwit.core.migration;

import java.time.Instant;
import java.util.Optional;

/**
 * What a migration is decided by: in its server what is done next, in an agent which orders are
 * still carried out. Servers and agents are given them, so that they can be broken on purpose where
 * the search and the simulation have to prove their worth.
 */
public interface Rules {
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
