package dev.godwit.server.guests;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.OneByOne;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds recorded tasks that nobody carries out: lost, with a trouble of the database, or those of a
 * server that lives no more.
 */
final class LostTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LostTasks.class);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Instances instances;
  private final Supplier<String> server;
  private final Predicate<InstanceId> busy;
  private final Consumer<Instance> takeUp;
  private final Tempo tempo;
  private final OneByOne<InstanceId> each = OneByOne.telling(LostTasks::tell);
  private final Thread rounds = Thread.ofVirtual().name("tasks").unstarted(this::rounds);
  private volatile boolean closed;

  /**
   * @param server the incarnation of this server
   */
  LostTasks(
      Instances instances,
      Supplier<String> server,
      Predicate<InstanceId> busy,
      Consumer<Instance> takeUp,
      Tempo tempo) {
    this.tempo = tempo;
    this.instances = instances;
    this.server = server;
    this.busy = busy;
    this.takeUp = takeUp;
  }

  /** Takes up those that a server left when it ended, and goes on looking. */
  void start() {
    instances.withOrphanedTasks().forEach(this::takeUp);
    rounds.start();
  }

  private void rounds() {
    Set<InstanceId> idle = Set.of();
    while (!closed) {
      try {
        tempo.rest(ROUND);
        idle = round(idle);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.warn("a look for forgotten tasks failed", e);
      }
    }
  }

  /** Of its own, one that nobody worked on in two rounds was lost: it may be about to begin. */
  private Set<InstanceId> round(Set<InstanceId> idleBefore) {
    List<InstanceId> orphaned = instances.withOrphanedTasks();
    orphaned.forEach(this::takeUp);
    List<InstanceId> own = instances.withTasks(server.get());
    Set<InstanceId> idle = new HashSet<>();
    for (InstanceId id : own) {
      if (!busy.test(id)) {
        if (idleBefore.contains(id)) {
          takeUp(id);
        } else {
          idle.add(id);
        }
      }
    }
    each.keepOnly(Stream.concat(orphaned.stream(), own.stream()).toList());
    return idle;
  }

  private void takeUp(InstanceId id) {
    each.run(id, () -> instances.withTask(id).ifPresent(takeUp));
  }

  private static void tell(InstanceId id, RuntimeException why) {
    LOG.atError()
        .addKeyValue("instance", id)
        .setCause(why)
        .log("a task cannot be taken up, and nobody carries it out");
  }

  @Override
  public void close() {
    closed = true;
    rounds.interrupt();
  }
}
