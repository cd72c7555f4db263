package dev.godwit.server.guests;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  /** Begins to look, and goes on doing so. */
  void start() {
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
    instances.withOrphanedTasks().forEach(takeUp);
    Set<InstanceId> idle = new HashSet<>();
    for (Instance instance : instances.withTasks(server.get())) {
      if (!busy.test(instance.id())) {
        if (idleBefore.contains(instance.id())) {
          takeUp.accept(instance);
        } else {
          idle.add(instance.id());
        }
      }
    }
    return idle;
  }

  @Override
  public void close() {
    closed = true;
    rounds.interrupt();
  }
}
