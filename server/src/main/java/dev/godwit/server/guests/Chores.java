package dev.godwit.server.guests;

import dev.godwit.core.model.InstanceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on instances: for each of them one thing at a time, in the order in which it came. */
final class Chores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What waits, for each instance that somebody works on. */
  private final Map<InstanceId, Deque<Chore>> waiting = new HashMap<>();

  /** Some work; interrupted, it leaves the rest to the next server. */
  interface Chore {
    void run() throws InterruptedException;
  }

  /** Does it when everything before it is done. */
  synchronized void add(InstanceId id, Chore chore) {
    Deque<Chore> queue = waiting.get(id);
    if (queue != null) {
      queue.add(chore);
      return;
    }
    waiting.put(id, new ArrayDeque<>(List.of(chore)));
    threads.execute(() -> work(id));
  }

  private void work(InstanceId id) {
    Optional<Chore> chore = next(id);
    while (chore.isPresent()) {
      run(id, chore.get());
      chore = next(id);
    }
  }

  private synchronized Optional<Chore> next(InstanceId id) {
    Optional<Chore> next = Optional.ofNullable(waiting.get(id)).map(Deque::poll);
    if (next.isEmpty()) {
      waiting.remove(id);
    }
    return next;
  }

  private static void run(InstanceId id, Chore chore) {
    try {
      chore.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The task stays recorded: the next server takes it up.
      LOG.atError().addKeyValue("instance", id).setCause(e).log("a task failed");
    }
  }

  synchronized boolean busy(InstanceId id) {
    return waiting.containsKey(id);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("tasks left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
