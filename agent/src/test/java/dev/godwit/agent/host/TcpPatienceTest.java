package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpPatienceTest {
  @TempDir Path folder;

  private Path setting(String text) throws IOException {
    return Files.writeString(folder.resolve("tcp_retries2"), text);
  }

  @Test
  void linuxs_own_patience_of_many_minutes_is_advised_against() throws IOException {
    assertThat(TcpPatience.advice(setting("15\n")))
        .hasValueSatisfying(
            advice -> assertThat(advice).contains("expected at most 8, found 15").contains("6"));
  }

  @Test
  void a_hundred_seconds_are_short_enough() throws IOException {
    assertThat(TcpPatience.advice(setting("8\n"))).isEmpty();
  }

  @Test
  void a_kernel_that_does_not_tell_is_no_reason_for_advice() throws IOException {
    assertThat(TcpPatience.advice(folder.resolve("missing"))).isEmpty();
    assertThat(TcpPatience.advice(setting("many"))).isEmpty();
  }
}
