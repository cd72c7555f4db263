package dev.godwit.server.guests;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Instances outside migrations. A task is recorded, then carried out by the host's agent, as often
 * as it takes: the task that a dead server left is taken up by the next one.
 */
public final class GuestKeeper implements AutoCloseable {
  private static final Duration MOVE_LOOK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Instances instances;
  private final Tasks tasks;
  private final Actions actions;
  private final Guests guests;
  private final Clock clock;
  private final Tempo tempo;
  private final TaskRun run;
  private final Chores chores = new Chores();
  private final LostTasks lost;

  public GuestKeeper(
      Instances instances, Tasks tasks, Actions actions, Guests guests, Clock clock, Tempo tempo) {
    this.instances = instances;
    this.tasks = tasks;
    this.actions = actions;
    this.guests = guests;
    this.clock = clock;
    this.tempo = tempo;
    this.run = new TaskRun(instances, tasks, actions, clock, tempo);
    this.lost = new LostTasks(instances, chores::busy, this::takeUp, tempo);
  }

  /** True while something is done to it, or waits to be. */
  public boolean busy(InstanceId id) {
    return chores.busy(id);
  }

  /** Takes up the tasks that a server left when it ended, and goes on looking for such. */
  public void start() {
    instances.withTasks().forEach(this::takeUp);
    lost.start();
  }

  private void takeUp(Instance instance) {
    switch (instance.taskState()) {
      case SPAWNING -> spawn(instance, lastRequest(instance));
      case DELETING -> remove(instance, lastRequest(instance));
      case POWERING_ON -> carryOut(instance, PowerAction.START, lastRequest(instance));
      case POWERING_OFF -> carryOut(instance, PowerAction.STOP, lastRequest(instance));
      case PAUSING -> carryOut(instance, PowerAction.PAUSE, lastRequest(instance));
      case UNPAUSING -> carryOut(instance, PowerAction.UNPAUSE, lastRequest(instance));
      case REBOOTING -> carryOut(instance, PowerAction.REBOOT_SOFT, lastRequest(instance));
      case REBOOTING_HARD -> carryOut(instance, PowerAction.REBOOT_HARD, lastRequest(instance));
      case NONE, MIGRATING -> {}
    }
  }

  private String lastRequest(Instance instance) {
    return actions.of(instance.id()).stream().findFirst().map(Actions.Action::requestId).orElse("");
  }

  /**
   * Records a new instance and begins to make it.
   *
   * @param room all that may be taken on its host
   * @return empty when others took the room meanwhile
   */
  public Optional<Instance> create(LongFunction<Instance> made, Resources room, String requestId) {
    Optional<Instance> added = instances.add(made, room, requestId);
    added.ifPresent(instance -> spawn(instance, requestId));
    return added;
  }

  private void spawn(Instance instance, String requestId) {
    TaskRun.Job job =
        new TaskRun.Job(
            instance, TaskState.SPAWNING, "compute__do_build_and_run_instance", requestId);
    chores.add(
        instance.id(),
        () -> {
          Instant began = clock.instant();
          Optional<GuestSpec> spec = instance.spec();
          if (spec.isPresent()
              && run.finish(
                  job,
                  run.repeat(
                      job,
                      PATIENCE,
                      () -> guests.create(instance.scheduledHost(), instance.id(), spec.get())),
                  true,
                  began)) {
            tasks.end(
                instance.id(), job.task(), VmState.ACTIVE, PowerState.RUNNING, clock.instant());
          }
        });
  }

  /** Begins to change the power state; false when the instance's state does not allow it. */
  public boolean power(Instance instance, PowerAction action, Tasks.Asked asked) {
    PowerTask wanted = PowerTask.of(action);
    if (!tasks.begin(instance.id(), wanted.task(), wanted.from(), asked, clock.instant())) {
      return false;
    }
    carryOut(instance, action, asked.requestId());
    return true;
  }

  private void carryOut(Instance instance, PowerAction action, String requestId) {
    PowerTask wanted = PowerTask.of(action);
    TaskRun.Job job = new TaskRun.Job(instance, wanted.task(), wanted.event(), requestId);
    chores.add(
        instance.id(),
        () -> {
          Instant began = clock.instant();
          StepReply reply = run.repeat(job, PATIENCE, () -> changePower(job, action));
          if (run.finish(job, reply, false, began)) {
            tasks.end(instance.id(), job.task(), wanted.to(), wanted.power(), clock.instant());
          }
        });
  }

  /** Where the record has it now: a move may have been committed since. */
  private StepReply changePower(TaskRun.Job job, PowerAction action) {
    if (tasks.arriving(job.instance().id())) {
      return new StepReply.Unanswered("a move of the instance is still being settled");
    }
    Instance now = instances.find(job.instance().id()).orElse(job.instance());
    return guests.power(now.scheduledHost(), now.id(), action);
  }

  /**
   * Begins to delete; a repeat is a no-op. A move under way goes back, or comes to its end first.
   */
  public void delete(Instance instance, Tasks.Asked asked) {
    if (tasks.beginDelete(instance.id(), asked, clock.instant())) {
      remove(instance, asked.requestId());
    }
  }

  private void remove(Instance instance, String requestId) {
    TaskRun.Job job =
        new TaskRun.Job(instance, TaskState.DELETING, "compute_terminate_instance", requestId);
    chores.add(
        instance.id(),
        () -> {
          Instant began = clock.instant();
          while (tasks.moving(instance.id())) {
            tempo.rest(MOVE_LOOK);
          }
          // A clean-up is tried until it is confirmed.
          StepReply reply = run.repeat(job, Duration.ofDays(365), () -> removeWhereItIs(job));
          if (run.finish(job, reply, false, began)) {
            tasks.deleted(instance.id(), clock.instant());
          }
        });
  }

  private StepReply removeWhereItIs(TaskRun.Job job) {
    Instance now = instances.find(job.instance().id()).orElse(job.instance());
    return now.host().isPresent()
        ? guests.delete(now.scheduledHost(), now.id())
        : new StepReply.Done();
  }

  /** Leaves what is not done to the next server. */
  @Override
  public void close() {
    lost.close();
    chores.close();
  }
}
