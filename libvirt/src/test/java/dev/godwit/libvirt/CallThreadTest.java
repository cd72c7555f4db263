package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread, one call at a time, a deadline for whoever waits; no libvirt in it. */
class CallThreadTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final CountDownLatch farewell = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final AtomicInteger givenUp = new AtomicInteger();
  private final CallThread thread = new CallThread("call-thread-test", farewell::countDown);

  @AfterEach
  void end() throws InterruptedException {
    release.countDown();
    thread.end("the test is over");
    assertThat(farewell.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void calls_of_many_threads_never_overlap() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CallThread.MOST_WAITING; i++) {
        many.execute(() ->
            call(
                "a call",
                LONG,
                () -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  return done.incrementAndGet();
                }));
      }
    }
    assertThat(done).hasValue(CallThread.MOST_WAITING);
    assertThat(most).hasValue(1);
  }

  @Test
  void a_call_that_never_got_its_turn_was_not_made_and_costs_nothing() throws Exception {
    CompletableFuture<Integer> first = holdTheThread();
    AtomicInteger made = new AtomicInteger();
    assertThatThrownBy(() -> call("the second", SHORT, made::incrementAndGet))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LibvirtException.Kind.BUSY);
              assertThat(e.isConnectionProblem()).isFalse();
            })
        .hasMessageContaining("the second was not made");
    release.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(call("the third", LONG, () -> 3)).isEqualTo(3);
    assertThat(made).hasValue(0);
    assertThat(givenUp).hasValue(0);
  }

  @Test
  void a_late_result_is_dropped_and_the_thread_says_farewell_only_then() throws Exception {
    assertThatThrownBy(() -> call("a slow call", SHORT, this::waitForRelease))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER));
    assertThat(givenUp).hasValue(1);
    assertThat(farewell.getCount()).isEqualTo(1);
    release.countDown();
    assertThat(farewell.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void calls_that_wait_fail_at_once_when_the_thread_ends() throws Exception {
    var _ = holdTheThread();
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> call("one that waits", LONG, () -> 2), Thread::startVirtualThread);
    Await.until("it waits", () -> thread.waiting() == 1);
    thread.end("it was closed");
    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NOT_CONNECTED))
        .hasMessageContaining("one that waits was not made: it was closed");
  }

  @Test
  void more_waiting_calls_than_the_limit_are_refused() throws Exception {
    var _ = holdTheThread();
    for (int i = 0; i < CallThread.MOST_WAITING; i++) {
      Thread.startVirtualThread(() -> call("one of many", LONG, () -> 0));
    }
    Await.until("all wait", () -> thread.waiting() == CallThread.MOST_WAITING);
    assertThatThrownBy(() -> call("one too many", LONG, () -> 0))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.BUSY));
  }

  @Test
  void an_interrupted_caller_leaves_at_once_and_the_call_goes_on() throws Exception {
    CompletableFuture<Integer> carriedOut = new CompletableFuture<>();
    CompletableFuture<String> said = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(() -> {
          try {
            call(
                "a call",
                LONG,
                () -> {
                  carriedOut.complete(waitForRelease());
                  return 0;
                });
          } catch (LibvirtException e) {
            said.complete(e.kind() + " " + Thread.currentThread().isInterrupted());
          }
        });
    begun.await();
    caller.interrupt();
    assertThat(said.get(30, TimeUnit.SECONDS)).isEqualTo("INTERRUPTED true");
    release.countDown();
    assertThat(carriedOut.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(call("the next", LONG, () -> 5)).isEqualTo(5);
  }

  @Test
  void an_error_shows_who_called_and_where_it_was_found() {
    LibvirtException found = LibvirtException.reported(42, 10, 2, "no such thing", false);
    assertThatThrownBy(() ->
            call(
                "a call",
                LONG,
                () -> {
                  throw found;
                }))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.isNoDomain()).isTrue();
              assertThat(e.errorDomain()).isEqualTo(ErrorDomain.QEMU);
              assertThat(Arrays.stream(e.getStackTrace()).map(StackTraceElement::getClassName))
                  .contains(CallThreadTest.class.getName());
            })
        .hasCause(found)
        .hasMessage("no such thing");
  }

  private CompletableFuture<Integer> holdTheThread() throws InterruptedException {
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () -> call("the first", LONG, this::waitForRelease), Thread::startVirtualThread);
    begun.await();
    return first;
  }

  private int waitForRelease() {
    try {
      begun.countDown();
      release.await();
      return 1;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> T call(String what, Duration deadline, java.util.function.Supplier<T> work) {
    return thread.call(
        what,
        deadline,
        work,
        () -> {
          givenUp.incrementAndGet();
          thread.end("it was given up");
        });
  }
}
