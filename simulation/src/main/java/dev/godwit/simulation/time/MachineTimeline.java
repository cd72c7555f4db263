package dev.godwit.simulation.time;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own time, for a simulated world that the real one talks to. Steps are made by one
 * thread of this timeline, in the order in which they can be; any thread may hand it work.
 */
public final class MachineTimeline implements Timeline, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MachineTimeline.class);
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final Tempo tempo;
  private final long begin;
  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final Queue<Due> handed = new ConcurrentLinkedQueue<>();

  /** Its own thread's. */
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));

  private final Thread thread;
  private long number;
  private volatile boolean closed;

  private record Due(long at, long number, Runnable work) {
    Due numbered(long its) {
      return new Due(at, its, work);
    }
  }

  /**
   * Begins now.
   *
   * @param tempo the machine's
   */
  public MachineTimeline(Tempo tempo) {
    this.tempo = tempo;
    this.begin = tempo.nanoTime();
    this.thread = Thread.ofPlatform().name("simulated-world").daemon().unstarted(this::run);
    thread.start();
  }

  @Override
  public long nanos() {
    return tempo.nanoTime() - begin;
  }

  @Override
  public void after(Duration delay, Runnable work) {
    handed.add(new Due(nanos() + Math.max(0, delay.toNanos()), 0, work));
    wake();
  }

  @Override
  public void ready(Runnable work) {
    ready.add(work);
    wake();
  }

  private void wake() {
    if (Thread.currentThread() != thread) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (!step()) {
        tempo.park(untilNext());
      }
    }
  }

  /** False when nothing can be done now. */
  private boolean step() {
    for (Due next = handed.poll(); next != null; next = handed.poll()) {
      due.add(next.numbered(number++));
    }
    Optional<Runnable> work =
        due.isEmpty() || due.element().at > nanos()
            ? Optional.ofNullable(ready.poll())
            : Optional.of(due.remove().work);
    work.ifPresent(MachineTimeline::make);
    return work.isPresent();
  }

  /** What goes wrong in one host of the world must not stand in for the end of all of them. */
  private static void make(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("a step of the simulated world failed", e);
    }
  }

  private Duration untilNext() {
    if (due.isEmpty()) {
      return LONGEST_REST;
    }
    Duration left = Duration.ofNanos(Math.max(0, due.element().at - nanos()));
    return left.compareTo(LONGEST_REST) < 0 ? left : LONGEST_REST;
  }

  /** Nothing happens in the world any more. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
