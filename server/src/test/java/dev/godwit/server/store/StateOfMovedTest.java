package dev.godwit.server.store;

import static dev.godwit.server.store.Records.HOST1;
import static dev.godwit.server.store.Records.HOST2;
import static dev.godwit.server.store.Records.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.VmState;
import dev.godwit.server.DatabaseKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What core's search cannot see, for {@link Life} knows of no vm_state: that whatever it decides, a
 * guest that runs is never recorded as ERROR.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(DatabaseKind.class)
final class StateOfMovedTest {
  private static final Refusal REASON =
      new Refusal("test", "a move", "good luck", "bad luck", "Wait.");
  private static final List<Ending> ENDINGS =
      List.of(Ending.aborted(), Ending.failed(REASON), Ending.refused(List.of(REASON)));

  private final DatabaseKind kind;
  @TempDir Path folder;
  private Records records;

  StateOfMovedTest(DatabaseKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() {
    records = new Records(kind.fresh(folder));
  }

  @AfterEach
  void close() {
    records.close();
  }

  @Test
  void no_transition_and_no_ending_of_a_move_changes_the_state_in_which_its_guest_is_recorded() {
    for (Transition transition : Transition.values()) {
      for (Phase next : reached(transition)) {
        for (VmState state : List.of(VmState.ACTIVE, VmState.PAUSED)) {
          Instance before = records.instance(state);
          Migration at = standing(before, transition);

          Moved moved = records.journal(at, Life.move(transition, at, next, NOW, List.of()));

          Instance after = records.now(before.id());
          assertThat(moved).as("%s to %s", transition, next).isEqualTo(Moved.DONE);
          assertThat(after.vmState()).as("%s to %s", transition, next).isEqualTo(state);
          assertThat(after.powerState()).isEqualTo(before.powerState());
          assertThat(after.fault()).isEmpty();
        }
      }
    }
  }

  /** A move of the instance, in the phase in which the transition finds it. */
  private Migration standing(Instance instance, Transition transition) {
    Migration leased = records.leased(instance.id());
    if (transition == Transition.PLAN) {
      // With the plan, and without the claims that come with this very transition.
      return Records.planned(leased).next();
    }
    Migration planned = records.after(leased, Records.planned(leased));
    boolean moved = transition.from() == PhaseName.SETTLING;
    write(planned, transition.from(), moved ? HOST2 : HOST1);
    return planned;
  }

  private void write(Migration migration, PhaseName phase, HostName home) {
    records.database.changing(handle -> {
      handle
          .sql("UPDATE migrations SET phase = :phase WHERE id = :id")
          .bind("phase", phase.name())
          .bind("id", migration.id().toString())
          .execute();
      handle
          .sql("UPDATE instances SET host = :host WHERE id = :id")
          .bind("host", home.value())
          .bind("id", migration.instance().toString())
          .execute();
    });
  }

  /** Where it leads, with each ending that the phase can have. */
  private static List<Phase> reached(Transition transition) {
    return switch (transition.to()) {
      case ACCEPTED -> List.of(new Phase.Accepted());
      case PLANNED -> List.of(new Phase.Planned());
      case PREPARING -> List.of(new Phase.Preparing(PrepareStep.DESTINATION_DISKS));
      case TRANSFERRING ->
          List.of(new Phase.Transferring(), new Phase.Transferring(Optional.of(REASON)));
      case SETTLING -> List.of(new Phase.Settling(SettleStep.SOURCE_FENCED));
      case ROLLING_BACK ->
          ENDINGS.stream()
              .<Phase>map(it -> new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, it))
              .toList();
      case COMPLETED -> List.of(new Phase.Completed());
      case CANCELLED -> ENDINGS.stream().<Phase>map(Phase.Cancelled::new).toList();
      case FAILED -> ENDINGS.stream().<Phase>map(Phase.Failed::new).toList();
    };
  }
}
