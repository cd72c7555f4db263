package dev.godwit.simulation.time;

import dev.godwit.core.port.Tempo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of the simulated world: all threads that its first one starts, directly or not, are its
 * own. Killed, none of them ever makes another step, wherever it stood; frozen, they stand until it
 * goes on.
 */
public final class SimulatedProcess {
  private final String name;
  private final Timeline timeline;
  private final Instant wallClockAtBeginning;
  private final List<Runnable> held = new ArrayList<>();
  private final List<Runnable> atEnd = new ArrayList<>();
  private volatile State state = State.RUNS;
  private Duration clockError = Duration.ZERO;

  private enum State {
    RUNS,
    FROZEN,
    DEAD
  }

  public SimulatedProcess(String name, Timeline timeline, Instant wallClockAtBeginning) {
    this.name = name;
    this.timeline = timeline;
    this.wallClockAtBeginning = wallClockAtBeginning;
  }

  public String name() {
    return name;
  }

  /** Runs that in a thread of this process, soon. */
  public void run(String thread, Runnable work) {
    SimulatedThreads.start(this::schedule, name + ":" + thread, work);
  }

  /** Also from outside of the world: what the process is then, its own step finds out. */
  private void schedule(Runnable continuation) {
    timeline.ready(() -> go(continuation));
  }

  private void go(Runnable continuation) {
    switch (state) {
      case RUNS -> continuation.run();
      case FROZEN -> held.add(continuation);
      case DEAD -> {}
    }
  }

  /** kill -9. */
  public void kill() {
    state = State.DEAD;
    held.clear();
    List<Runnable> last = List.copyOf(atEnd);
    atEnd.clear();
    last.forEach(Runnable::run);
  }

  /** What the kernel does for whoever talks to it when it ends. */
  public void atEnd(Runnable work) {
    atEnd.add(work);
  }

  /** SIGSTOP. */
  public void freeze() {
    if (state == State.RUNS) {
      state = State.FROZEN;
    }
  }

  /** SIGCONT. */
  public void thaw() {
    if (state == State.FROZEN) {
      state = State.RUNS;
      List<Runnable> now = List.copyOf(held);
      held.clear();
      now.forEach(this::schedule);
    }
  }

  public boolean alive() {
    return state != State.DEAD;
  }

  /** It neither answers nor acts. */
  public boolean frozen() {
    return state == State.FROZEN;
  }

  /** Its wall clock jumps. */
  public void jump(Duration by) {
    clockError = clockError.plus(by);
  }

  /** What it takes for the time of day. */
  public Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a simulated clock is in UTC");
      }

      @Override
      public Instant instant() {
        return wallClockAtBeginning.plus(timeline.now()).plus(clockError);
      }
    };
  }

  /** Its time. */
  public Tempo tempo() {
    return new Tempo() {
      @Override
      public long nanoTime() {
        return timeline.nanos();
      }

      @Override
      public void rest(Duration length) throws InterruptedException {
        long until = timeline.nanos() + length.toNanos();
        wakeAfter(length);
        while (timeline.nanos() < until) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          LockSupport.park(this);
        }
      }

      @Override
      public void park(Duration longest) {
        wakeAfter(longest);
        LockSupport.park(this);
      }
    };
  }

  /** Makes threads of this process, for what starts threads by itself. */
  public ThreadFactory threads(String named) {
    return work -> SimulatedThreads.unstarted(this::schedule, name + ":" + named, work);
  }

  private void wakeAfter(Duration delay) {
    Thread sleeper = Thread.currentThread();
    timeline.after(delay, () -> LockSupport.unpark(sleeper));
  }

  @Override
  public String toString() {
    return name;
  }
}
