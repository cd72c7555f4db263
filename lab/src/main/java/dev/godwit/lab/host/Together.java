package dev.godwit.lab.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Does several things at once and returns when the last one is over, also when one failed or the
 * caller is interrupted: nothing goes on behind the back of whoever cleans up then.
 */
public final class Together {
  private Together() {}

  /** All of them; the first failure is thrown when all are over. */
  public static void run(List<Runnable> parts) {
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Runnable part : parts) {
      FutureTask<Boolean> task = new FutureTask<>(part, true);
      tasks.add(task);
      threads.add(Thread.ofVirtual().name("together").start(task));
    }
    boolean interrupted = join(threads);
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted");
    }
    RuntimeException failure = null;
    for (FutureTask<Boolean> task : tasks) {
      try {
        var _ = task.get();
      } catch (ExecutionException e) {
        RuntimeException cause =
            e.getCause() instanceof RuntimeException it ? it : new LabFailure(e.toString());
        failure = failure == null ? cause : failure;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabFailure("interrupted");
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** True when the caller was interrupted meanwhile, which is passed on to all. */
  private static boolean join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    return interrupted;
  }
}
