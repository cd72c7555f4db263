package dev.godwit.libvirt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one platform thread on which every call of a connection runs, one at a time. (libvirt's error
 * belongs to the operating system's thread, a native call pins a virtual thread's carrier, and two
 * calls at once on one connection crash libvirt itself at a keep-alive timeout.) Whoever calls
 * waits with a deadline and may be a virtual thread.
 */
final class CallThread {
  static final int MOST_WAITING = 64;

  /** Threads whose connection was closed or given up, and that libvirt has not let go of yet. */
  private static final AtomicInteger LINGERING = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>();
  private final Runnable farewell;
  private Optional<Call<?>> running = Optional.empty();
  private Optional<String> ended = Optional.empty();

  private record Call<T>(String what, Supplier<T> work, CompletableFuture<T> result) {
    void run() {
      try {
        result.complete(work.get());
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
    }
  }

  /** What became of a call whose caller stopped waiting. */
  enum Fate {
    NEVER_BEGUN,
    STILL_RUNNING,
    DONE
  }

  /**
   * @param farewell the thread's last act, whenever it ends: gives back what is native
   */
  CallThread(String name, Runnable farewell) {
    this.farewell = farewell;
    Thread.ofPlatform().name(name).daemon().start(this::loop);
  }

  /** How many threads were told to end and have not ended, in this process. */
  static int lingering() {
    return LINGERING.get();
  }

  /**
   * Runs the work on the thread and waits for it. When the deadline passes while the work runs, the
   * given reaction is called before the exception is thrown.
   */
  <T> T call(String what, Duration deadline, Supplier<T> work, Runnable onNoAnswer) {
    Call<T> call = new Call<>(what, work, new CompletableFuture<>());
    enqueue(call);
    try {
      return call.result.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      boolean made = withdraw(call) != Fate.NEVER_BEGUN;
      throw LibvirtException.found(
          LibvirtException.Kind.INTERRUPTED,
          "interrupted while waiting for "
              + what
              + (made ? ", which goes on and may take effect" : ", which was not made"));
    } catch (TimeoutException e) {
      return late(call, deadline, onNoAnswer);
    }
  }

  /** Ends the thread after the call that runs now; calls that wait fail. A repeat does nothing. */
  void end(String why) {
    List<Call<?>> dropped;
    lock.lock();
    try {
      if (ended.isPresent()) {
        return;
      }
      ended = Optional.of(why);
      LINGERING.incrementAndGet();
      dropped = new ArrayList<>(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Call<?> call : dropped) {
      call.result.completeExceptionally(notConnected(call.what, why));
    }
  }

  /** How many calls wait for their turn. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Call<?> call) {
    lock.lock();
    try {
      if (ended.isPresent()) {
        throw notConnected(call.what, ended.get());
      }
      if (waiting.size() >= MOST_WAITING) {
        throw LibvirtException.found(
            LibvirtException.Kind.BUSY,
            MOST_WAITING
                + " calls already wait on this connection; "
                + call.what
                + " was not made");
      }
      waiting.add(call);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T late(Call<T> call, Duration deadline, Runnable onNoAnswer) {
    switch (withdraw(call)) {
      case NEVER_BEGUN ->
          throw LibvirtException.found(
              LibvirtException.Kind.BUSY,
              call.what + " was not made: other calls took the " + deadline.toMillis() + " ms");
      case STILL_RUNNING -> {
        onNoAnswer.run();
        throw LibvirtException.found(
            LibvirtException.Kind.NO_ANSWER,
            call.what + " had no answer within " + deadline.toMillis() + " ms");
      }
      case DONE -> {
        try {
          return call.result.get();
        } catch (ExecutionException e) {
          throw unwrapped(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw LibvirtException.found(
              LibvirtException.Kind.INTERRUPTED, "interrupted while waiting for " + call.what);
        }
      }
    }
    throw new IllegalStateException("every fate returns or throws");
  }

  private Fate withdraw(Call<?> call) {
    lock.lock();
    try {
      if (waiting.remove(call)) {
        return Fate.NEVER_BEGUN;
      }
      return running.filter(call::equals).isPresent() && !call.result.isDone()
          ? Fate.STILL_RUNNING
          : Fate.DONE;
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    try {
      for (Optional<Call<?>> next = take(); next.isPresent(); next = take()) {
        next.get().run();
      }
      farewell.run();
    } finally {
      LINGERING.decrementAndGet();
    }
  }

  private Optional<Call<?>> take() {
    lock.lock();
    try {
      running = Optional.empty();
      while (waiting.isEmpty() && ended.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      running = ended.isPresent() ? Optional.empty() : Optional.of(waiting.remove());
      return running;
    } finally {
      lock.unlock();
    }
  }

  private static LibvirtException notConnected(String what, String why) {
    return LibvirtException.found(
        LibvirtException.Kind.NOT_CONNECTED, what + " was not made: " + why);
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case LibvirtException known -> known.forCaller();
      case RuntimeException cause -> cause;
      case null, default ->
          new IllegalStateException("a call into libvirt failed in Java", e.getCause());
    };
  }
}
