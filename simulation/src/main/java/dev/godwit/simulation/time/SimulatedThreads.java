package dev.godwit.simulation.time;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;

/**
 * Virtual threads whose steps are handed to a scheduler of ours. The JDK can do that and does not
 * offer it: needs --add-opens java.base/java.lang=ALL-UNNAMED. Threads that such a thread starts,
 * by whatever API, have the same scheduler, so production code runs unchanged.
 */
final class SimulatedThreads {
  private static final Constructor<?> BUILDER = builder();

  private SimulatedThreads() {}

  private static Constructor<?> builder() {
    try {
      Constructor<?> builder =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      builder.setAccessible(true);
      return builder;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw new IllegalStateException(
          "the simulation needs a JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED", e);
    }
  }

  /** Starts one; its first step, too, is the scheduler's to make. */
  static void start(Executor scheduler, String name, Runnable work) {
    unstarted(scheduler, name, work).start();
  }

  /** Makes one that somebody else starts. */
  static Thread unstarted(Executor scheduler, String name, Runnable work) {
    try {
      return ((Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler)).name(name).unstarted(work);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a simulated thread cannot be made", e);
    }
  }
}
