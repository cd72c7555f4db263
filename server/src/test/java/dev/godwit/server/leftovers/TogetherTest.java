package dev.godwit.server.leftovers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.wire.MachineTempo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final Together together = new Together(new MachineTempo());

  @Test
  void all_are_asked_at_the_same_time() {
    CyclicBarrier meeting = new CyclicBarrier(3);

    Map<String, Boolean> answers =
        together.ask(
            List.of("a", "b", "c"),
            LONG,
            each -> {
              try {
                meeting.await();
                return true;
              } catch (InterruptedException | BrokenBarrierException e) {
                return false;
              }
            });

    assertThat(answers).hasSize(3).containsValue(true).doesNotContainValue(false);
  }

  @Test
  void who_is_slow_holds_up_nobody_and_is_not_waited_for_without_end() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);

    Map<String, String> answers =
        together.ask(
            List.of("slow", "quick"),
            SHORT,
            each -> {
              if (each.equals("quick")) {
                return each;
              }
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return each;
            });

    assertThat(answers).containsOnlyKeys("quick");
    assertThat(arrives(interrupted)).as("nobody waits for its answer any more").isTrue();
  }

  private static boolean arrives(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void a_question_that_fails_in_the_server_is_no_silence() {
    assertThatThrownBy(() ->
            together.ask(
                List.of("a"),
                LONG,
                each -> {
                  throw new IllegalArgumentException("a mistake");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a mistake");
  }
}
