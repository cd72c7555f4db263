package dev.godwit.agent.act;

import static dev.godwit.agent.act.ResumeTroubleTest.NOT_ANSWERED;
import static dev.godwit.agent.act.ResumeTroubleTest.STILL_WAITED_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When an operator may be told to end a guest whose post-copy broke, and when not. */
class StandstillTest {
  private static final long BEGUN = -5;
  private static final long PATIENCE = Standstill.PATIENCE.toNanos();
  private static final Standstill SEEN = Standstill.seen(1000, BEGUN);
  private static final Standstill HANGING = SEEN.tried(NOT_ANSWERED).tried(NOT_ANSWERED);

  @Test
  void it_hangs_when_two_tries_in_a_row_are_not_answered() {
    assertThat(SEEN.hangs()).isFalse();
    assertThat(SEEN.tried(NOT_ANSWERED).hangs()).isFalse();
    assertThat(HANGING.hangs()).isTrue();
    assertThat(HANGING.trouble()).isEqualTo(NOT_ANSWERED);
    for (String answer : List.of(STILL_WAITED_FOR, "no route to host")) {
      assertThat(HANGING.tried(answer).hangs()).as(answer).isFalse();
      assertThat(SEEN.tried(NOT_ANSWERED).tried(answer).tried(NOT_ANSWERED).hangs())
          .as(answer)
          .isFalse();
    }
  }

  @Test
  void it_hangs_when_a_try_and_the_standstill_are_both_older_than_libvirts_patience() {
    assertThat(SEEN.hangs(BEGUN, BEGUN + PATIENCE)).isFalse();
    assertThat(SEEN.hangs(BEGUN, BEGUN + PATIENCE + 1)).isTrue();
    assertThat(SEEN.hangs(BEGUN + 1, BEGUN + PATIENCE + 1)).as("a later try").isFalse();

    Standstill broken = SEEN.then(Standstill.seen(1001, BEGUN + PATIENCE));
    assertThat(broken.hangs(BEGUN, BEGUN + 2 * PATIENCE)).as("it broke once more").isFalse();
    assertThat(broken.hangs(BEGUN, BEGUN + 2 * PATIENCE + 1)).isTrue();
  }

  @Test
  void all_trouble_is_forgotten_with_the_first_byte_that_goes_over() {
    assertThat(HANGING.then(Standstill.seen(1000, 7))).isEqualTo(HANGING);
    assertThat(HANGING.then(Standstill.seen(1001, 7))).isEqualTo(Standstill.seen(1001, 7));
  }

  @Test
  void only_what_does_not_mend_itself_is_told() {
    assertThat(SEEN.tried("no route to host").trouble()).isEqualTo("no route to host");
    assertThat(HANGING.tried(STILL_WAITED_FOR).trouble()).isEmpty();
  }
}
