package dev.godwit.server.store;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import java.time.Instant;
import java.util.Optional;

/** The statements of one move: all in the transaction of whoever calls. */
final class Moves {
  private Moves() {}

  /**
   * False when the record is another owner's or elsewhere.
   *
   * @throws Capacity.NoRoom when the claim that a plan means does not fit any more
   */
  static boolean apply(
      Handle handle, Epoch held, Decision.Move move, Migrations.Meaning meaning, Instant now) {
    StoredPhase phase = StoredPhase.of(move.next().phase());
    if (!update(handle, held, move, phase, now)) {
      return false;
    }
    journal(handle, move, phase, now);
    History.insert(handle, move.next().id(), meaning.seen());
    mean(handle, move, meaning, now);
    meaning.event().ifPresent(event -> note(handle, move.next(), event, now));
    return true;
  }

  private static boolean update(
      Handle handle, Epoch held, Decision.Move move, StoredPhase phase, Instant now) {
    Migration next = move.next();
    return handle
            .sql(
                """
                UPDATE migrations SET phase = :phase, step = :step, ending = :ending, plan = :plan,
                  destination = :destination, epoch = :epoch, committed = :committed,
                  over = CASE WHEN :over = 1 THEN 1 ELSE over END, why = :why, alarm = 0, way_out = NULL, phase_since = :now, updated_at = :now,
                  transfer_at = CASE WHEN :transfer = 1 THEN :now ELSE transfer_at END,
                  committed_at = CASE WHEN :commit = 1 THEN :now ELSE committed_at END,
                  ended_at = CASE WHEN :over = 1 AND over = 0 THEN :now ELSE ended_at END,
                  owed = :owed, rests = :rests,
                  destination_node = CASE WHEN :destination IS NULL THEN NULL ELSE destination_node END
                WHERE id = :id AND epoch = :held AND rests = 0 AND phase = :from
                """)
            .bind("phase", phase.name().name())
            .bind("step", phase.step().orElse(null))
            .bind("ending", phase.ending().orElse(null))
            .bind("plan", next.plan().map(StoredJson::text).orElse(null))
            .bind(
                "destination",
                next.plan().map(TransferPlan::destination).map(HostName::value).orElse(null))
            .bind("epoch", next.epoch().value())
            .bind("committed", next.phase().committed() ? 1 : 0)
            .bind("over", next.phase().over() ? 1 : 0)
            .bind("owed", StoredJson.text(next.owed()))
            .bind("rests", next.rests() ? 1 : 0)
            .bind("why", move.why())
            .bind("transfer", transfers(move.transition()) ? 1 : 0)
            .bind("commit", commits(move.transition()) ? 1 : 0)
            .bind("now", Micros.of(now))
            .bind("id", next.id().toString())
            .bind("held", held.value())
            .bind("from", move.transition().from().name())
            .execute()
        == 1;
  }

  private static boolean transfers(Transition transition) {
    return transition == Transition.TRANSFER || transition == Transition.COPY_FOUND;
  }

  private static boolean commits(Transition transition) {
    return transition == Transition.COMMIT || transition == Transition.RULED_ON;
  }

  private static void journal(Handle handle, Decision.Move move, StoredPhase phase, Instant now) {
    handle
        .sql(
            """
            INSERT INTO journal (migration_id, seq, at, transition, from_phase, to_phase, step, why, epoch)
            SELECT :id, COALESCE(MAX(seq), 0) + 1, :now, :transition, :from, :to, :step, :why, :epoch
            FROM journal WHERE migration_id IN (:id)
            """)
        .bind("id", move.next().id().toString())
        .bind("now", Micros.of(now))
        .bind("transition", move.transition().name())
        .bind("from", move.transition().from().name())
        .bind("to", move.transition().to().name())
        .bind("step", phase.step().orElse(null))
        .bind("why", move.why())
        .bind("epoch", move.next().epoch().value())
        .execute();
  }

  /** What a transition means for the instance and for the capacity. */
  private static void mean(
      Handle handle, Decision.Move move, Migrations.Meaning meaning, Instant now) {
    Migration next = move.next();
    switch (move.transition()) {
      case PLAN -> Claims.make(handle, next, meaning.destination(), meaning.disks());
      case REPLAN -> Claims.release(handle, next.id());
      case COMMIT, RULED_ON -> {
        Ownership.toDestination(handle, next, now);
        Claims.release(handle, next.id());
      }
      case RULED_BACK -> Ownership.toSource(handle, next, now);
      case REFUSE, CANCEL_ACCEPTED, ROLLED_BACK_CANCELLED, ROLLED_BACK_FAILED -> {
        Claims.release(handle, next.id());
        freeInstance(handle, next, now);
      }
      case PREPARE,
          CANCEL_PLANNED,
          PREPARE_NEXT,
          PREPARE_FAILED,
          CANCEL_PREPARING,
          TRANSFER,
          START_GIVEN_UP,
          TRANSFER_FAILED,
          TRANSFER_CANCELLED,
          SETTLE_NEXT,
          SOURCE_RAN,
          POST_COPY_BROKE,
          HOST_DIED,
          COMPLETE,
          ROLL_BACK_NEXT,
          DESTINATION_RAN,
          COPY_FOUND,
          COMPLETED_HOST_RETURNED,
          CANCELLED_HOST_RETURNED,
          FAILED_HOST_RETURNED -> {}
    }
  }

  /** A move that ends a second time finds, perhaps, a newer one at work. */
  private static void freeInstance(Handle handle, Migration migration, Instant now) {
    handle
        .sql(
            """
            UPDATE instances SET task_state = 'NONE', updated_at = :now
            WHERE id = :id AND task_state = 'MIGRATING'
              AND NOT EXISTS
                (SELECT 1 FROM migrations WHERE instance_id IN (:id) AND committed = 0 AND over = 0)
            """)
        .bind("id", migration.instance().toString())
        .bind("now", Micros.of(now))
        .execute();
  }

  /** The action was over with the first ending. */
  private static void note(Handle handle, Migration migration, Actions.Event event, Instant now) {
    Optional<String> request =
        handle
            .sql(
                """
                SELECT request_id FROM migrations
                WHERE id = :id AND (ended_at IS NULL OR ended_at = :now)
                """)
            .bind("id", migration.id().toString())
            .bind("now", Micros.of(now))
            .first(row -> row.text("request_id"));
    request.ifPresent(id -> Actions.event(handle, id, event));
  }
}
