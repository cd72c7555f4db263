package dev.godwit.libvirt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One subscriber's bounded queue, and the loop of the thread that empties it. libvirt's event loop
 * fills it and never waits.
 */
final class Delivery {
  static final int MOST_QUEUED = 10_000;
  private static final Logger LOG = System.getLogger(Delivery.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<DomainEvent> queue = new ArrayDeque<>();
  private final Consumer<DomainEvent> consumer;
  private int dropped;
  private boolean ended;

  Delivery(Consumer<DomainEvent> consumer) {
    this.consumer = consumer;
  }

  void offer(DomainEvent event) {
    lock.lock();
    try {
      // The end of the connection is never dropped: nothing would tell of it later.
      if (queue.size() >= MOST_QUEUED && !(event instanceof DomainEvent.ConnectionClosed)) {
        dropped++;
        return;
      }
      if (dropped > 0) {
        queue.add(wordOfTheDropped());
      }
      queue.add(event);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private DomainEvent wordOfTheDropped() {
    DomainEvent word = new DomainEvent.Dropped(dropped, System.nanoTime());
    dropped = 0;
    return word;
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void run() {
    while (true) {
      DomainEvent next;
      lock.lock();
      try {
        while (queue.isEmpty() && dropped == 0 && !ended) {
          changed.awaitUninterruptibly();
        }
        if (ended) {
          return;
        }
        // Perhaps no event follows the dropped ones for hours: their word waits for none.
        next = queue.isEmpty() ? wordOfTheDropped() : queue.remove();
      } finally {
        lock.unlock();
      }
      deliver(next);
      if (next instanceof DomainEvent.ConnectionClosed) {
        return;
      }
    }
  }

  private void deliver(DomainEvent event) {
    try {
      consumer.accept(event);
    } catch (Throwable t) {
      // Errors too: an assertion that fails in a subscriber must not cost it all later events.
      LOG.log(Level.ERROR, "a subscriber of libvirt's events failed", t);
    }
  }
}
