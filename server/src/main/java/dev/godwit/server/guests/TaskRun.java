package dev.godwit.server.guests;

import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a task is carried out: asked for until it is answered, and what came of it recorded. */
final class TaskRun {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Tasks tasks;
  private final Actions actions;
  private final Clock clock;
  private final Tempo tempo;

  TaskRun(Tasks tasks, Actions actions, Clock clock, Tempo tempo) {
    this.tasks = tasks;
    this.actions = actions;
    this.clock = clock;
    this.tempo = tempo;
  }

  /** One thing that is being done. */
  record Job(Instance instance, Tasks.Turn turn, String event, String requestId) {}

  /**
   * As often as it takes within that time; not asked any more once another task came over it, or
   * another server took it over.
   */
  StepReply repeat(Job job, Duration patience, Supplier<StepReply> attempt)
      throws InterruptedException {
    Instant until = clock.instant().plus(patience);
    String told = "";
    while (true) {
      if (!tasks.current(job.turn)) {
        return StepReply.NONE;
      }
      StepReply reply = attempt.get();
      Optional<String> why = waits(reply);
      if (why.isEmpty() || clock.instant().isAfter(until)) {
        return reply;
      }
      if (!why.get().equals(told)) {
        told = why.get();
        warn(job, told, "a task waits");
      }
      tempo.rest(AGAIN);
    }
  }

  /** Why it is asked again; what an earlier server asked for may still be under way there. */
  private static Optional<String> waits(StepReply reply) {
    return switch (reply) {
      case StepReply.Unanswered(String why) -> Optional.of(why);
      case StepReply.Refused(Refusal reason) when reason.code().equals(Refusals.TURN_TAKEN) ->
          Optional.of(reason.sentence());
      case StepReply.None(), StepReply.Done _, StepReply.Refused _ -> Optional.empty();
    };
  }

  /**
   * Records what came of a task; false when nothing did.
   *
   * @param fatal a failure leaves nothing that could be used: the instance goes to ERROR
   */
  boolean finish(Job job, StepReply reply, boolean fatal, Instant began) {
    if (!tasks.current(job.turn)) {
      // Another server took it over, or another task came: what they do is what is told.
      return false;
    }
    return switch (reply) {
      case StepReply.None() -> false;
      case StepReply.Done(Optional<Refusal> remark) -> {
        remark.ifPresent(it -> warn(job, it.sentence(), "a task is done, and left something"));
        note(job, "Success", remark.map(it -> it.sentence() + disks(job.instance)), began);
        yield true;
      }
      case StepReply.Refused(Refusal reason) -> failed(job, reason.sentence(), fatal, began);
      case StepReply.Unanswered(String why) -> failed(job, why, fatal, began);
    };
  }

  private boolean failed(Job job, String why, boolean fatal, Instant began) {
    note(job, "Error", Optional.of(why), began);
    warn(job, why, "a task failed");
    tasks.fail(job.turn, fatal, new Instance.Fault(500, why, clock.instant()));
    return false;
  }

  private static void warn(Job job, String why, String message) {
    LOG.atWarn()
        .addKeyValue("instance", job.instance.id())
        .addKeyValue("task", job.turn.task())
        .addKeyValue("why", why)
        .log(message);
  }

  /** Which disks the record knows of; those of an adopted guest it does not. */
  private static String disks(Instance instance) {
    return instance
        .spec()
        .map(spec ->
            spec.disks().stream()
                .map(disk ->
                    "%s (%s, %s)"
                        .formatted(
                            disk.target(),
                            disk.directory().name().toLowerCase(Locale.ROOT),
                            disk.format().word()))
                .collect(Collectors.joining(", ", " It was made with these disks: ", ".")))
        .orElse("");
  }

  private void note(Job job, String result, Optional<String> details, Instant began) {
    actions.event(
        job.requestId,
        new Actions.Event(
            job.event,
            job.instance.host(),
            began,
            Optional.of(clock.instant()),
            Optional.of(result),
            details));
  }
}
