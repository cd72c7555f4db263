package dev.godwit.simulation.world;

import static dev.godwit.core.model.TaskState.POWERING_OFF;
import static dev.godwit.core.model.TaskState.POWERING_ON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.simulation.time.SeededTimeline;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TruthTest {
  private static final UUID GUEST = new UUID(0, 1);

  private final SeededTimeline timeline = new SeededTimeline(new SplittableRandom(1));
  private final Truth truth = new Truth(new Story(timeline));

  private void runsAndIsDestroyed() {
    truth.runs("h1", GUEST, false, false);
    truth.ends("h1", GUEST, "SHUTOFF_DESTROYED", false);
  }

  @Test
  void a_guest_that_nobody_let_go_may_not_be_destroyed() {
    runsAndIsDestroyed();
    assertThat(truth.broken()).containsExactly("the only running copy was destroyed");
  }

  @Test
  void one_that_was_let_go_may() {
    truth.letGo(GUEST, POWERING_OFF).accept();
    runsAndIsDestroyed();
    assertThat(truth.broken()).isEmpty();
    assertThat(truth.mayBeOff(GUEST)).isTrue();
  }

  @Test
  void one_whose_end_was_refused_may_not() {
    truth.keep(truth.letGo(GUEST, POWERING_OFF));
    runsAndIsDestroyed();
    assertThat(truth.broken()).isNotEmpty();
  }

  @Test
  void one_that_was_started_again_may_not() {
    truth.letGo(GUEST, POWERING_OFF).accept();
    runsAndIsDestroyed();
    truth.recorded(GUEST, POWERING_ON);
    runsAndIsDestroyed();
    assertThat(truth.broken()).isNotEmpty();
  }

  @Test
  void a_wish_without_an_answer_may_be_done_while_its_server_lives() {
    SimulatedProcess server = new SimulatedProcess("s1", timeline, Instant.EPOCH);
    truth.letGo(GUEST, POWERING_OFF).askedOf(server);
    truth.recorded(GUEST, POWERING_ON);
    runsAndIsDestroyed();
    assertThat(truth.broken()).isEmpty();

    server.kill();
    runsAndIsDestroyed();
    assertThat(truth.broken()).isNotEmpty();
  }

  @Test
  void a_wish_without_an_answer_stands_when_it_was_recorded_before_its_server_died() {
    SimulatedProcess server = new SimulatedProcess("s1", timeline, Instant.EPOCH);
    Truth.WishedEnd wish = truth.letGo(GUEST, POWERING_OFF);
    wish.askedOf(server);
    truth.recorded(GUEST, POWERING_OFF);
    server.kill();
    truth.unanswered(wish);
    runsAndIsDestroyed();
    assertThat(truth.broken()).isEmpty();
  }

  @Test
  void what_a_fault_took_was_not_the_last_when_the_guest_runs_again() {
    truth.runs("h1", GUEST, false, false);
    truth.pauses("h1", GUEST);
    truth.qemuKilled("h1", GUEST);
    assertThat(truth.mayBeOff(GUEST)).isTrue();
    truth.runs("h2", GUEST, false, false);
    assertThat(truth.mayBeOff(GUEST)).isFalse();
  }

  @Test
  void a_split_excuses_nothing_that_the_guest_does_later() {
    truth.runs("h1", GUEST, false, false);
    truth.runs("h2", GUEST, true, false);
    assertThat(truth.lossIsTold(GUEST)).isTrue();
    truth.ends("h1", GUEST, "SHUTOFF_DESTROYED", false);
    truth.movesAgain(GUEST);
    assertThat(truth.splitByLibvirt(GUEST)).isFalse();
    assertThat(truth.lossIsTold(GUEST)).isTrue();
    truth.pauses("h2", GUEST);
    truth.runs("h3", GUEST, true, false);
    assertThat(truth.lossIsTold(GUEST)).isFalse();
  }

  @Test
  void a_host_without_power_excuses_only_the_move_in_which_it_lost_it() {
    truth.runs("h1", GUEST, false, false);
    truth.powerLost("h1", List.of(GUEST));
    assertThat(truth.lostPower("h1", GUEST)).isTrue();
    truth.movesAgain(GUEST);
    assertThat(truth.lostPower("h1", GUEST)).isFalse();
  }

  @Test
  void one_whose_start_was_accepted_may_be_off_until_it_runs() {
    truth.letGo(GUEST, POWERING_OFF).accept();
    runsAndIsDestroyed();
    truth.recorded(GUEST, POWERING_ON);
    assertThat(truth.mayBeOff(GUEST)).isTrue();
    truth.runs("h1", GUEST, false, false);
    assertThat(truth.mayBeOff(GUEST)).isFalse();
  }
}
