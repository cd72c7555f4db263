package dev.godwit.simulation.driver;

import dev.godwit.simulation.time.SimulatedProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Threads of the real world, which may not touch a simulated one, and ask it. */
final class Outside {
  private Outside() {}

  /** Has a process do that, and waits for it; what it throws is thrown. */
  static <T> T ask(SimulatedProcess process, Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    process.run(
        "outside",
        () -> {
          try {
            answer.complete(work.get());
          } catch (Throwable e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }
}
