package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events on their way from the event loop to subscribers. */
class EventSourceTest {
  private static final long NUMBER = Long.MAX_VALUE;

  private final EventSource source = new EventSource(NUMBER);
  private final BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();

  @BeforeEach
  void register() {
    EventSource.register(source);
  }

  @AfterEach
  void end() {
    source.closed(CloseReason.CLIENT);
    EventSource.unregister(source);
  }

  @Test
  void a_subscriber_that_is_too_slow_is_told_how_much_it_missed_even_if_nothing_follows()
      throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    source.subscribe(event -> {
      await(go);
      seen.add(event);
    });
    int more = 25;
    for (int i = 0; i < Delivery.MOST_QUEUED + more; i++) {
      publish(i);
    }
    go.countDown();
    DomainEvent last =
        Await.next("word of the lost ones", seen, it -> it instanceof DomainEvent.Dropped);
    assertThat(((DomainEvent.Dropped) last).count()).isBetween(more - 1, more);
    publish(-1);
    assertThat(Await.next("the next", seen, it -> true))
        .isInstanceOfSatisfying(
            DomainEvent.MigrationIteration.class, it -> assertThat(it.iteration()).isEqualTo(-1));
  }

  @Test
  void a_subscriber_that_throws_anything_gets_the_next_event_all_the_same() {
    source.subscribe(event -> {
      seen.add(event);
      throw new AssertionError("an error of a subscriber, on purpose");
    });
    publish(1);
    publish(2);
    Await.next(
        "the second event",
        seen,
        it ->
            it instanceof DomainEvent.MigrationIteration(var _, int iteration, long _)
                && iteration == 2);
  }

  @Test
  void a_subscription_after_the_end_is_told_at_once_and_why() {
    source.closed(CloseReason.KEEP_ALIVE);
    source.subscribe(seen::add);
    assertThat(Await.next("the end", seen, it -> true))
        .isInstanceOfSatisfying(
            DomainEvent.ConnectionClosed.class,
            it -> assertThat(it.reason()).isEqualTo(CloseReason.KEEP_ALIVE));
  }

  @Test
  void a_closed_subscription_hears_nothing_more_and_others_do() {
    List<DomainEvent> unheard = new ArrayList<>();
    Subscription subscription = source.subscribe(unheard::add);
    source.subscribe(seen::add);
    subscription.close();
    subscription.close();
    publish(1);
    Await.next("the event", seen, it -> true);
    assertThat(unheard).isEmpty();
  }

  @Test
  void registering_that_fails_half_way_is_completed_by_the_next_attempt() {
    FaultyLibrary library = new FaultyLibrary();
    try (Arena arena = Arena.ofConfined()) {
      Call call = new Call(library.proxy(), MemorySegment.NULL, new LastDomain(), arena);
      library.answer("virConnectDomainEventRegisterAny", 1, 2, -1);
      assertThatThrownBy(() -> source.registerOnce(call)).isInstanceOf(LibvirtException.class);
      library.answer("virConnectDomainEventRegisterAny", 3, 4, 5, 6);
      source.registerOnce(call);
      assertThat(source.callbacks()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
      source.registerOnce(call);
      assertThat(source.callbacks()).hasSize(6);
    }
  }

  private static void publish(int iteration) {
    EventSource.publish(
        MemorySegment.ofAddress(NUMBER),
        new DomainEvent.MigrationIteration(new UUID(0, 1), iteration, System.nanoTime()));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
