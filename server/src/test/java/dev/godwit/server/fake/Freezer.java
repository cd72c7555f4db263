package dev.godwit.server.fake;

import dev.godwit.core.model.InstanceId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Stops a server's calls at chosen points, for ever unless they are thawed: what it would have done
 * next never happens, as if the process had been killed there.
 */
public final class Freezer {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Set<Point> wanted = new HashSet<>();
  private final Set<Point> reached = new HashSet<>();
  private boolean dead;

  /** Before or after a host does what it is asked. */
  public enum When {
    BEFORE,
    AFTER
  }

  private record Point(InstanceId instance, String call, When when) {}

  /** Ends the thread of a dead server. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("this server was killed by its test");
    }
  }

  /** The next such call for this instance stops there. */
  public synchronized void at(InstanceId instance, String call, When when) {
    wanted.add(new Point(instance, call, when));
  }

  /** Waits until every wanted point has been reached. */
  public synchronized void awaitAll() throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.equals(wanted)) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        Set<Point> missing = new HashSet<>(wanted);
        missing.removeAll(reached);
        throw new AssertionError("never reached: " + missing);
      }
      wait(left);
    }
  }

  /** What stopped goes on. */
  public synchronized void thaw() {
    wanted.clear();
    reached.clear();
    notifyAll();
  }

  /** What stopped there goes on. */
  public synchronized void thaw(InstanceId instance, String call, When when) {
    Point point = new Point(instance, call, when);
    wanted.remove(point);
    reached.remove(point);
    notifyAll();
  }

  /** From now on every call of this server fails at once. */
  public synchronized void kill() {
    dead = true;
    notifyAll();
  }

  synchronized void pass(InstanceId instance, String call, When when) {
    Point point = new Point(instance, call, when);
    if (wanted.contains(point)) {
      reached.add(point);
      notifyAll();
      while (!dead && wanted.contains(point)) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new Killed();
        }
      }
    }
    if (dead) {
      throw new Killed();
    }
  }
}
