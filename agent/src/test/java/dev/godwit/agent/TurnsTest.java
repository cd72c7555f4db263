package dev.godwit.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.wire.MachineTempo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(new MachineTempo());

  @Test
  void a_turn_that_does_not_come_in_time_is_told_and_nothing_is_kept() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Optional<String>> first =
          CompletableFuture.supplyAsync(
              () ->
                  turns.take(
                      "a",
                      Duration.ofSeconds(30),
                      () -> {
                        inside.countDown();
                        awaitIt(enough);
                        return "first";
                      }),
              threads);
      inside.await();
      assertThat(turns.take("a", Duration.ofMillis(1), () -> "second")).isEmpty();
      assertThat(turns.take("b", Duration.ofMillis(1), () -> "another")).contains("another");
      enough.countDown();
      assertThat(first.get()).contains("first");
    }
    assertThat(turns.take("a", Duration.ofSeconds(30), () -> "third")).contains("third");
    assertThat(turns.size()).isZero();
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
