package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
  private final AtomicInteger silenced = new AtomicInteger();

  private int simulate(String... options) {
    return new CommandLine(new SimulateCommand(silenced::incrementAndGet)).execute(options);
  }

  @Test
  void servers_and_agents_do_not_log() {
    assertThat(simulate("--seeds", "0")).isZero();
    assertThat(silenced).hasValue(1);
  }

  @Test
  void they_do_for_whoever_asks() {
    assertThat(simulate("--seeds", "0", "--log")).isZero();
    assertThat(silenced).hasValue(0);
  }
}
