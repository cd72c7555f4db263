package dev.godwit.server.guests;

import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
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
import java.util.function.Supplier;

/**
 * Instances outside migrations. A task is recorded, then carried out by the host's agent, as often
 * as it takes: the task that a dead server left is taken up by the next one.
 */
public final class GuestKeeper implements AutoCloseable {
  private static final Duration MOVE_LOOK = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Instances instances;
  private final Tasks tasks;
  private final Actions actions;
  private final Guests guests;
  private final Supplier<String> server;
  private final Clock clock;
  private final Tempo tempo;
  private final TaskRun run;
  private final Chores chores = new Chores();
  private final LostTasks lost;

  /**
   * @param server the incarnation of this server, whose tasks it carries out
   */
  public GuestKeeper(
      Records records, Guests guests, Supplier<String> server, Clock clock, Tempo tempo) {
    this.instances = records.instances();
    this.tasks = records.tasks();
    this.actions = records.actions();
    this.server = server;
    this.guests = guests;
    this.clock = clock;
    this.tempo = tempo;
    this.run = new TaskRun(tasks, actions, clock, tempo);
    this.lost = new LostTasks(instances, server, chores::busy, this::takeUp, tempo);
  }

  /** What it reads and writes. */
  public record Records(Instances instances, Tasks tasks, Actions actions) {}

  /** True while something is done to it, or waits to be. */
  public boolean busy(InstanceId id) {
    return chores.busy(id);
  }

  /** Takes up the tasks that a server left when it ended, and goes on looking for such. */
  public void start() {
    lost.start();
  }

  private void takeUp(Instance instance) {
    tasks
        .lease(instance.id(), instance.taskState(), server.get(), clock.instant())
        .ifPresent(turn -> takeUp(instance, turn));
  }

  private void takeUp(Instance instance, Tasks.Turn turn) {
    String request = lastRequest(instance);
    switch (turn.task()) {
      case SPAWNING -> spawn(instance, turn, request);
      case DELETING -> remove(instance, turn, request);
      case POWERING_ON -> carryOut(instance, turn, PowerAction.START, request);
      case POWERING_OFF -> carryOut(instance, turn, PowerAction.STOP, request);
      case PAUSING -> carryOut(instance, turn, PowerAction.PAUSE, request);
      case UNPAUSING -> carryOut(instance, turn, PowerAction.UNPAUSE, request);
      case REBOOTING -> carryOut(instance, turn, PowerAction.REBOOT_SOFT, request);
      case REBOOTING_HARD -> carryOut(instance, turn, PowerAction.REBOOT_HARD, request);
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
    Optional<Instance> added = instances.add(made, room, requestId, server.get());
    added.ifPresent(
        instance -> tasks.turn(instance.id()).ifPresent(turn -> spawn(instance, turn, requestId)));
    return added;
  }

  private void spawn(Instance instance, Tasks.Turn turn, String requestId) {
    TaskRun.Job job =
        new TaskRun.Job(instance, turn, "compute__do_build_and_run_instance", requestId);
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
                      () -> guests.create(instance.scheduledHost(), turn.forHost(), spec.get())),
                  true,
                  began)) {
            tasks.end(turn, VmState.ACTIVE, PowerState.RUNNING, clock.instant());
          }
        });
  }

  /** Begins to change the power state; false when the instance's state does not allow it. */
  public boolean power(Instance instance, PowerAction action, Tasks.Asked asked) {
    PowerTask wanted = PowerTask.of(action);
    Optional<Tasks.Turn> turn =
        tasks.begin(
            instance.id(), wanted.task(), wanted.from(), asked, server.get(), clock.instant());
    turn.ifPresent(it -> carryOut(instance, it, action, asked.requestId()));
    return turn.isPresent();
  }

  private void carryOut(Instance instance, Tasks.Turn turn, PowerAction action, String requestId) {
    PowerTask wanted = PowerTask.of(action);
    TaskRun.Job job = new TaskRun.Job(instance, turn, wanted.event(), requestId);
    chores.add(
        instance.id(),
        () -> {
          Instant began = clock.instant();
          StepReply reply = run.repeat(job, PATIENCE, () -> changePower(job, action));
          if (run.finish(job, reply, false, began)) {
            tasks.end(turn, wanted.to(), wanted.power(), clock.instant());
          }
        });
  }

  /** Where the record has it now: a move may have been committed since. */
  private StepReply changePower(TaskRun.Job job, PowerAction action) {
    if (tasks.arriving(job.instance().id())) {
      return new StepReply.Unanswered("a move of the instance is still being settled");
    }
    Instance now = instances.find(job.instance().id()).orElse(job.instance());
    return guests.power(now.scheduledHost(), job.turn().forHost(), action);
  }

  /**
   * Begins to delete; a repeat is a no-op. A move under way goes back, or comes to its end first.
   */
  public void delete(Instance instance, Tasks.Asked asked) {
    tasks
        .beginDelete(instance.id(), asked, server.get(), clock.instant())
        .ifPresent(turn -> remove(instance, turn, asked.requestId()));
  }

  private void remove(Instance instance, Tasks.Turn turn, String requestId) {
    TaskRun.Job job = new TaskRun.Job(instance, turn, "compute_terminate_instance", requestId);
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
            tasks.deleted(turn, clock.instant());
          }
        });
  }

  private StepReply removeWhereItIs(TaskRun.Job job) {
    Instance now = instances.find(job.instance().id()).orElse(job.instance());
    if (now.host().isEmpty()) {
      return new StepReply.Done();
    }
    return switch (guests.delete(now.scheduledHost(), job.turn().forHost())) {
      // Half of it may be done, now or by an earlier server: it does not become a stopped guest.
      case StepReply.Refused(Refusal reason) when reason.code().equals(Refusals.HOST_TROUBLE) ->
          new StepReply.Unanswered(reason.sentence());
      case StepReply reply -> reply;
    };
  }

  /** Leaves what is not done to the next server. */
  @Override
  public void close() {
    lost.close();
    chores.close();
  }
}
