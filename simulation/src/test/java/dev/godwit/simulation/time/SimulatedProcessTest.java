package dev.godwit.simulation.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

class SimulatedProcessTest {
  private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

  private final SeededTimeline timeline = new SeededTimeline(new SplittableRandom(1));
  private final SimulatedProcess process = new SimulatedProcess("p", timeline, BEGINNING);
  private final List<String> said = new ArrayList<>();

  private void runUntil(Duration when) {
    while (timeline.now().compareTo(when) < 0 && timeline.step()) {
      // One step after the other.
    }
  }

  private void sayEachSecond(String what) {
    try {
      while (true) {
        said.add(what);
        process.tempo().rest(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void an_hour_passes_in_no_time() {
    process.run("clock", () -> sayEachSecond("tick"));
    runUntil(Duration.ofHours(1));
    assertThat(said).hasSizeBetween(3_590, 3_601);
    assertThat(process.clock().instant()).isAfter(BEGINNING.plusSeconds(3_599));
  }

  @Test
  void threads_that_a_thread_starts_and_what_they_wait_for_are_simulated_too() {
    BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
    process.run(
        "main",
        () -> {
          Thread.startVirtualThread(() -> queue.add("from a child"));
          try {
            said.add(queue.take());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    runUntil(Duration.ofSeconds(1));
    assertThat(said).containsExactly("from a child");
  }

  @Test
  void a_killed_process_makes_no_step_any_more_and_its_peers_are_told() {
    process.run("main", () -> sayEachSecond("alive"));
    process.atEnd(() -> said.add("gone"));
    runUntil(Duration.ofMillis(2_500));
    process.kill();
    runUntil(Duration.ofSeconds(10));
    assertThat(said).containsExactly("alive", "alive", "alive", "gone");
  }

  @Test
  void a_frozen_process_goes_on_where_it_stood() {
    process.run("main", () -> sayEachSecond("alive"));
    runUntil(Duration.ofMillis(500));
    process.freeze();
    timeline.after(Duration.ofSeconds(10), () -> {});
    runUntil(Duration.ofSeconds(10));
    assertThat(said).hasSize(1);
    process.thaw();
    runUntil(timeline.now().plusMillis(500));
    assertThat(said).hasSize(2);
  }

  @Test
  void its_wall_clock_jumps_and_its_tempo_does_not() {
    long before = process.tempo().nanoTime();
    process.jump(Duration.ofHours(-2));
    assertThat(process.clock().instant()).isEqualTo(BEGINNING.minusSeconds(7_200));
    assertThat(process.tempo().nanoTime()).isEqualTo(before);
  }
}
