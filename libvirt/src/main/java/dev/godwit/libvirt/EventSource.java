package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The events of one connection, on their way from libvirt's event loop (which must never wait) to
 * the subscribers, each with a bounded queue and a thread of its own.
 */
final class EventSource {
  private static final Map<Long, EventSource> BY_NUMBER = new ConcurrentHashMap<>();

  private final long number;
  private final Map<Integer, Integer> callbackByEventId = new ConcurrentHashMap<>();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private volatile Optional<CloseReason> closed = Optional.empty();

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

  /**
   * Registers for every kind of event that is not yet registered for; on the connection's thread.
   */
  void registerOnce(Call call) {
    Upcalls.BY_EVENT_ID.forEach((id, upcall) ->
        callbackByEventId.computeIfAbsent(
            id,
            _ ->
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

  Collection<Integer> callbacks() {
    return callbackByEventId.values();
  }

  boolean isClosed() {
    return closed.isPresent();
  }

  /** The last event of every subscription; a repeat does nothing. */
  synchronized void closed(CloseReason reason) {
    if (isClosed()) {
      return;
    }
    closed = Optional.of(reason);
    DomainEvent last = new DomainEvent.ConnectionClosed(reason, System.nanoTime());
    deliveries.forEach(delivery -> delivery.offer(last));
  }

  synchronized Subscription subscribe(Consumer<DomainEvent> consumer) {
    Delivery delivery = new Delivery(consumer);
    deliveries.add(delivery);
    closed.ifPresent(
        reason -> delivery.offer(new DomainEvent.ConnectionClosed(reason, System.nanoTime())));
    Thread.ofPlatform().name("libvirt-events-of-" + number).daemon().start(delivery::run);
    return () -> {
      deliveries.remove(delivery);
      delivery.end();
    };
  }
}
