package dev.godwit.server.guests;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Guests;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Flavor;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances outside migrations. A task is recorded, then carried out by the host's agent, as often
 * as it takes: the task that a dead server left is taken up by the next one.
 */
public final class GuestKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(GuestKeeper.class);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Instances instances;
  private final Actions actions;
  private final Fleet fleet;
  private final Guests guests;
  private final Clock clock;
  private final Set<InstanceId> busy = ConcurrentHashMap.newKeySet();

  public GuestKeeper(
      Instances instances, Actions actions, Fleet fleet, Guests guests, Clock clock) {
    this.instances = instances;
    this.actions = actions;
    this.fleet = fleet;
    this.guests = guests;
    this.clock = clock;
  }

  /** Takes up the tasks that a server left when it ended. */
  public void start() {
    for (Instance instance : instances.living()) {
      switch (instance.taskState()) {
        case SPAWNING -> inBackground(instance.id(), () -> spawn(instance, ""));
        case DELETING -> inBackground(instance.id(), () -> remove(instance, ""));
        case POWERING_ON -> carryOn(instance, PowerAction.START);
        case POWERING_OFF -> carryOn(instance, PowerAction.STOP);
        case PAUSING -> carryOn(instance, PowerAction.PAUSE);
        case UNPAUSING -> carryOn(instance, PowerAction.UNPAUSE);
        case REBOOTING -> carryOn(instance, PowerAction.REBOOT_SOFT);
        case REBOOTING_HARD -> carryOn(instance, PowerAction.REBOOT_HARD);
        case NONE, MIGRATING -> {}
      }
    }
  }

  private void carryOn(Instance instance, PowerAction action) {
    inBackground(instance.id(), () -> carryOut(instance, action, instance.taskState(), ""));
  }

  /** A host for a new instance: the wanted one, else the one with the most free memory. */
  public Optional<Fleet.Member> hostFor(Optional<HostName> wanted, int memoryMib) {
    return fleet.members().stream()
        .filter(Fleet.Member::takesGuests)
        .filter(member -> member.freeMemoryMib() >= memoryMib)
        .filter(member -> wanted.map(member.name()::equals).orElse(true))
        .max(Comparator.comparingLong(Fleet.Member::freeMemoryMib));
  }

  /** Records a new instance and begins to make it. */
  public void create(Instance instance, String requestId) {
    instances.add(instance);
    inBackground(instance.id(), () -> spawn(instance, requestId));
  }

  private void spawn(Instance instance, String requestId) {
    Optional<GuestSpec> spec = instance.spec();
    StepReply reply =
        spec.isPresent()
            ? repeat(
                () -> guests.create(instance.scheduledHost(), instance.id(), spec.orElseThrow()))
            : new StepReply.Done();
    boolean made =
        finish(
            instance,
            reply,
            requestId,
            "compute__do_build_and_run_instance",
            TaskState.SPAWNING,
            true);
    if (made) {
      instances.end(
          instance.id(), TaskState.SPAWNING, VmState.ACTIVE, PowerState.RUNNING, clock.instant());
    }
  }

  /** Begins to change the power state; false when the instance's state does not allow it. */
  public boolean power(Instance instance, PowerAction action, String requestId) {
    TaskState task = task(action);
    if (!instances.begin(instance.id(), task, from(action), clock.instant())) {
      return false;
    }
    inBackground(instance.id(), () -> carryOut(instance, action, task, requestId));
    return true;
  }

  private static TaskState task(PowerAction action) {
    return switch (action) {
      case START -> TaskState.POWERING_ON;
      case STOP -> TaskState.POWERING_OFF;
      case REBOOT_SOFT -> TaskState.REBOOTING;
      case REBOOT_HARD -> TaskState.REBOOTING_HARD;
      case PAUSE -> TaskState.PAUSING;
      case UNPAUSE -> TaskState.UNPAUSING;
    };
  }

  private static List<VmState> from(PowerAction action) {
    return switch (action) {
      case START -> List.of(VmState.STOPPED);
      case STOP -> List.of(VmState.ACTIVE, VmState.ERROR);
      case REBOOT_SOFT -> List.of(VmState.ACTIVE);
      case REBOOT_HARD -> List.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.ERROR);
      case PAUSE -> List.of(VmState.ACTIVE);
      case UNPAUSE -> List.of(VmState.PAUSED);
    };
  }

  private void carryOut(Instance instance, PowerAction action, TaskState task, String requestId) {
    StepReply reply = repeat(() -> guests.power(instance.scheduledHost(), instance.id(), action));
    boolean done =
        finish(
            instance,
            reply,
            requestId,
            "compute_" + action.name().toLowerCase(java.util.Locale.ROOT),
            task,
            false);
    if (done) {
      VmState after =
          switch (action) {
            case START, REBOOT_SOFT, REBOOT_HARD, UNPAUSE -> VmState.ACTIVE;
            case STOP -> VmState.STOPPED;
            case PAUSE -> VmState.PAUSED;
          };
      instances.end(instance.id(), task, after, powerState(after), clock.instant());
    }
  }

  private static PowerState powerState(VmState state) {
    return switch (state) {
      case ACTIVE -> PowerState.RUNNING;
      case PAUSED -> PowerState.PAUSED;
      case STOPPED -> PowerState.SHUTDOWN;
      case BUILDING, ERROR, DELETED -> PowerState.NOSTATE;
    };
  }

  /** Begins to delete; false while it is being moved. */
  public boolean delete(Instance instance, String requestId) {
    if (!instances.beginDelete(instance.id(), clock.instant())) {
      return false;
    }
    inBackground(instance.id(), () -> remove(instance, requestId));
    return true;
  }

  private void remove(Instance instance, String requestId) {
    StepReply reply =
        instance.host().isPresent()
            ? repeat(() -> guests.delete(instance.scheduledHost(), instance.id()))
            : new StepReply.Done();
    if (finish(
        instance, reply, requestId, "compute_terminate_instance", TaskState.DELETING, true)) {
      instances.deleted(instance.id(), clock.instant());
    }
  }

  /** Records what came of a task; false when nothing did. */
  private boolean finish(
      Instance instance,
      StepReply reply,
      String requestId,
      String event,
      TaskState task,
      boolean fatal) {
    String trouble =
        switch (reply) {
          case StepReply.Done(), StepReply.None() -> "";
          case StepReply.Refused(Refusal reason) -> reason.sentence();
          case StepReply.Unanswered(String why) -> why;
        };
    Instant now = clock.instant();
    if (!requestId.isEmpty()) {
      actions.event(
          requestId,
          new Actions.Event(
              event,
              instance.host(),
              now,
              Optional.of(now),
              Optional.of(trouble.isEmpty() ? "Success" : "Error"),
              trouble.isEmpty() ? Optional.empty() : Optional.of(trouble)));
    }
    if (!trouble.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("instance", instance.id())
          .addKeyValue("task", task)
          .addKeyValue("why", trouble)
          .log("a task failed");
      instances.fail(instance.id(), task, fatal, new Instance.Fault(500, trouble, now));
    }
    return trouble.isEmpty();
  }

  private interface Attempt {
    StepReply run();
  }

  private static StepReply repeat(Attempt attempt) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    StepReply reply = attempt.run();
    while (reply instanceof StepReply.Unanswered && System.nanoTime() < until) {
      try {
        Thread.sleep(AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return reply;
      }
      reply = attempt.run();
    }
    return reply;
  }

  private void inBackground(InstanceId id, Runnable work) {
    busy.add(id);
    Thread.ofVirtual()
        .name("guest-" + id)
        .start(() -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.atError().addKeyValue("instance", id).setCause(e).log("a task failed");
          } finally {
            busy.remove(id);
          }
        });
  }

  /** How an adoption went. */
  public sealed interface Adoption {
    /** It is an instance now. */
    record Adopted(Instance instance) implements Adoption {}

    /** It is not, and nothing was changed. */
    record Refused(Refusal reason) implements Adoption {}

    /** The host did not answer. */
    record Silent(String why) implements Adoption {}
  }

  /** Makes an instance of a domain that runs on a host already; its run is not touched. */
  public Adoption adopt(HostName host, InstanceId id, Instance.Owner owner) {
    Optional<Instance> known = instances.find(id);
    if (known.isPresent() && known.get().vmState() != VmState.DELETED) {
      return new Adoption.Refused(
          new Refusal(
              "already-known",
              id.toString(),
              "a domain that is no instance yet",
              "instance " + known.get().name(),
              "Nothing: it is Godwit's already."));
    }
    Optional<Fleet.Member> member = fleet.find(host);
    if (member.isEmpty()) {
      return new Adoption.Refused(
          new Refusal(
              "unknown-host",
              host.value(),
              "a host whose agent announced itself",
              "no such host",
              "Start the agent there, or look at godwit host list."));
    }
    return switch (guests.adopt(host, id)) {
      case Answer.Silent(String why) -> new Adoption.Silent(why);
      case Answer.Refused(Refusal reason) -> new Adoption.Refused(reason);
      case Answer.Given(GuestListing guest) ->
          new Adoption.Adopted(record(guest, member.get(), owner));
    };
  }

  private Instance record(GuestListing guest, Fleet.Member member, Instance.Owner owner) {
    Instant now = clock.instant();
    VmState vm = vmState(guest.powerState());
    Instance instance =
        new Instance(
            guest.id(),
            instances.nextNumber(),
            guest.name(),
            owner,
            Optional.of(member.name()),
            Optional.of(member.row().inventory().node()),
            vm,
            TaskState.NONE,
            guest.powerState(),
            new Flavor(0, "adopted", "adopted", (int) guest.memoryMib(), guest.vcpus(), 0),
            "",
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            now,
            now,
            Optional.of(now),
            Optional.empty());
    instances.add(instance);
    return instance;
  }

  private static VmState vmState(PowerState power) {
    return switch (power) {
      case RUNNING -> VmState.ACTIVE;
      case PAUSED, SUSPENDED -> VmState.PAUSED;
      case SHUTDOWN, CRASHED, NOSTATE -> VmState.STOPPED;
    };
  }

  /** A host tells how one of its guests is. */
  public void seen(HostName host, GuestListing guest) {
    if (guest.ours() && !busy.contains(guest.id())) {
      instances.sync(
          guest.id(), host, vmState(guest.powerState()), guest.powerState(), clock.instant());
    }
  }
}
