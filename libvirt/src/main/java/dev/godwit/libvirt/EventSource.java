package dev.godwit.libvirt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The events of one connection, on their way from libvirt's event loop (which must never wait) to
 * the subscribers, each with a bounded queue and a thread of its own.
 */
final class EventSource {
  static final int MOST_QUEUED = 10_000;
  private static final Logger LOG = System.getLogger(EventSource.class.getName());
  private static final Map<Long, EventSource> BY_NUMBER = new ConcurrentHashMap<>();

  private final long number;
  private final List<Integer> callbacks = new CopyOnWriteArrayList<>();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  EventSource(long number) {
    this.number = number;
  }

  static void register(EventSource source) {
    BY_NUMBER.put(source.number, source);
  }

  static void unregister(EventSource source) {
    BY_NUMBER.remove(source.number);
  }

  /** From an upcall: the opaque pointer is the connection's number. */
  static void publish(MemorySegment opaque, DomainEvent event) {
    EventSource source = BY_NUMBER.get(opaque.address());
    if (source != null) {
      source.deliveries.forEach(delivery -> delivery.offer(event));
    }
  }

  /** From the close callback. */
  static void connectionClosed(MemorySegment opaque, CloseReason reason) {
    EventSource source = BY_NUMBER.get(opaque.address());
    if (source != null) {
      source.closed(reason);
    }
  }

  /** Registers for every kind of event, once; on the connection's thread. */
  void registerOnce(Call call) {
    if (!callbacks.isEmpty()) {
      return;
    }
    Upcalls.BY_EVENT_ID.forEach((id, upcall) ->
        callbacks.add(
            call.check(
                call.c()
                    .virConnectDomainEventRegisterAny(
                        call.connection(),
                        MemorySegment.NULL,
                        id,
                        upcall,
                        MemorySegment.ofAddress(number),
                        MemorySegment.NULL))));
  }

  List<Integer> callbacks() {
    return callbacks;
  }

  boolean isClosed() {
    return closed;
  }

  /** The last event of every subscription; a repeat does nothing. */
  synchronized void closed(CloseReason reason) {
    if (closed) {
      return;
    }
    closed = true;
    DomainEvent last = new DomainEvent.ConnectionClosed(reason, System.nanoTime());
    deliveries.forEach(delivery -> delivery.offer(last));
  }

  synchronized Subscription subscribe(Consumer<DomainEvent> consumer) {
    Delivery delivery = new Delivery(consumer);
    deliveries.add(delivery);
    if (closed) {
      delivery.offer(new DomainEvent.ConnectionClosed(CloseReason.CLIENT, System.nanoTime()));
    }
    Thread.ofPlatform().name("libvirt-events-of-" + number).daemon().start(delivery::run);
    return () -> {
      deliveries.remove(delivery);
      delivery.end();
    };
  }

  /** One subscriber's queue. */
  private static final class Delivery {
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
          queue.add(new DomainEvent.Dropped(dropped, System.nanoTime()));
          dropped = 0;
        }
        queue.add(event);
        changed.signal();
      } finally {
        lock.unlock();
      }
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
          while (queue.isEmpty() && !ended) {
            changed.awaitUninterruptibly();
          }
          if (ended) {
            return;
          }
          next = queue.remove();
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
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a subscriber of libvirt's events failed", e);
      }
    }
  }
}
