package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** With which host a guest starts after its move. */
final class OutsideTest {
  @Test
  void a_guest_that_started_with_its_host_starts_with_its_home_and_no_other_host() {
    assertThat(Outside.wrongAutostart(true, "h2", List.of("h2"))).isEmpty();
    assertThat(Outside.wrongAutostart(true, "h2", List.of("h1"))).isPresent();
    assertThat(Outside.wrongAutostart(true, "h2", List.of("h1", "h2")))
        .hasValue("it starts with [h1, h2], expected [h2]");
    assertThat(Outside.wrongAutostart(true, "h2", List.of())).isPresent();
  }

  @Test
  void a_guest_that_started_with_no_host_starts_with_none() {
    assertThat(Outside.wrongAutostart(false, "h1", List.of())).isEmpty();
    assertThat(Outside.wrongAutostart(false, "h1", List.of("h1"))).isPresent();
  }
}
