package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.wire.MachineTempo;
import org.junit.jupiter.api.Test;

class QuietGuestsTest {
  private final QuietGuests quiet = new QuietGuests(new MachineTempo());

  @Test
  void a_guest_that_did_not_answer_is_left_alone_until_it_does() {
    assertThat(quiet.rests("a")).isFalse();
    // Doubled each time, so that it rests for longer than this test could take.
    for (int i = 0; i < 6; i++) {
      quiet.noAnswer("a");
    }
    assertThat(quiet.rests("a")).isTrue();
    assertThat(quiet.rests("b")).isFalse();
    quiet.answered("a");
    assertThat(quiet.rests("a")).isFalse();
  }
}
