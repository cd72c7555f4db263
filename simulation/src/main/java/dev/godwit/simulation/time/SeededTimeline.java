package dev.godwit.simulation.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Simulated time. What can run now runs in an order that the seed chooses, one step after the
 * other; when nothing can, time goes on to the next thing that is due.
 */
public final class SeededTimeline implements Timeline {
  /** Of so many that wait the next one is chosen: nobody waits for ever. */
  private static final int CHOICE = 4;

  private static final int LONGEST_STEP_NANOS = 20_000;

  private final RandomGenerator random;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final List<Runnable> ready = new ArrayList<>();
  private final Thread owner = Thread.currentThread();
  private long nanos;
  private long number;
  private long steps;

  private record Due(long at, long number, Runnable work) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  public SeededTimeline(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  /** How many steps were made. */
  public long steps() {
    return steps;
  }

  @Override
  public void after(Duration delay, Runnable work) {
    due.add(new Due(nanos + Math.max(0, delay.toNanos()), number++, work));
  }

  @Override
  public void ready(Runnable work) {
    Thread by = Thread.currentThread();
    if (!by.isVirtual() && by != owner) {
      throw new IllegalStateException(
          "a thread of the real world, %s, reaches into a simulated one".formatted(by));
    }
    ready.add(work);
  }

  /** Makes one step; false when nothing will ever happen any more. */
  public boolean step() {
    steps++;
    if (!due.isEmpty() && due.element().at <= nanos) {
      due.remove().work.run();
      return true;
    }
    if (!ready.isEmpty()) {
      int chosen = ready.size() == 1 ? 0 : random.nextInt(Math.min(CHOICE, ready.size()));
      nanos += random.nextInt(LONGEST_STEP_NANOS);
      ready.remove(chosen).run();
      return true;
    }
    if (due.isEmpty()) {
      return false;
    }
    Due next = due.remove();
    nanos = next.at;
    next.work.run();
    return true;
  }
}
