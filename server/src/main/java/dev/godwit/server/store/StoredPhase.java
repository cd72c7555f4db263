package dev.godwit.server.store;

import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.Refusal;
import java.util.Optional;

/** A phase in three columns: its name, its step, its ending or what will make it end. */
record StoredPhase(PhaseName name, Optional<String> step, Optional<String> ending) {
  static StoredPhase of(Phase phase) {
    return switch (phase) {
      case Phase.Accepted(), Phase.Planned(), Phase.Completed() ->
          new StoredPhase(phase.name(), Optional.empty(), Optional.empty());
      case Phase.Preparing(PrepareStep step) ->
          new StoredPhase(phase.name(), Optional.of(step.name()), Optional.empty());
      case Phase.Transferring(Optional<Refusal> givenUp) ->
          new StoredPhase(phase.name(), Optional.empty(), givenUp.map(StoredJson::text));
      case Phase.Settling(SettleStep step) ->
          new StoredPhase(phase.name(), Optional.of(step.name()), Optional.empty());
      case Phase.RollingBack(RollbackStep step, Ending ending) ->
          new StoredPhase(
              phase.name(), Optional.of(step.name()), Optional.of(StoredJson.text(ending)));
      case Phase.Cancelled(Ending ending) -> ended(phase, ending);
      case Phase.Failed(Ending ending) -> ended(phase, ending);
    };
  }

  private static StoredPhase ended(Phase phase, Ending ending) {
    return new StoredPhase(phase.name(), Optional.empty(), Optional.of(StoredJson.text(ending)));
  }

  Phase phase() {
    return switch (name) {
      case ACCEPTED -> new Phase.Accepted();
      case PLANNED -> new Phase.Planned();
      case PREPARING -> new Phase.Preparing(step(PrepareStep.class));
      case TRANSFERRING ->
          new Phase.Transferring(ending.map(givenUp -> StoredJson.read(givenUp, Refusal.class)));
      case SETTLING -> new Phase.Settling(step(SettleStep.class));
      case ROLLING_BACK -> new Phase.RollingBack(step(RollbackStep.class), storedEnding());
      case COMPLETED -> new Phase.Completed();
      case CANCELLED -> new Phase.Cancelled(storedEnding());
      case FAILED -> new Phase.Failed(storedEnding());
    };
  }

  private <S extends Enum<S>> S step(Class<S> type) {
    return Unreadable.word(type, step.orElse("none"));
  }

  private Ending storedEnding() {
    return StoredJson.read(ending.orElse(""), Ending.class);
  }
}
