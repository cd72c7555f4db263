package dev.godwit.server.guests;

import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.VmState;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.OneByOne;
import dev.godwit.server.store.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings into the record what hosts tell of guests that nobody works on. */
public final class PowerSync {
  private static final Logger LOG = LoggerFactory.getLogger(PowerSync.class);
  private final Instances instances;
  private final Tasks tasks;
  private final Fleet fleet;
  private final Predicate<InstanceId> busy;
  private final Clock clock;
  private final OneByOne<InstanceId> each = OneByOne.telling(PowerSync::tell);

  /** Since when its host no longer lists it. */
  private final Map<InstanceId, Instant> missing = new ConcurrentHashMap<>();

  /** With the instances that somebody works on left out. */
  public PowerSync(
      Instances instances, Tasks tasks, Fleet fleet, Predicate<InstanceId> busy, Clock clock) {
    this.instances = instances;
    this.tasks = tasks;
    this.fleet = fleet;
    this.busy = busy;
    this.clock = clock;
  }

  private static void tell(InstanceId id, RuntimeException why) {
    LOG.atError()
        .addKeyValue("instance", id)
        .setCause(why)
        .log("what a host tells of a guest cannot be recorded");
  }

  /** A host tells how one of its guests is. */
  public void seen(HostName host, GuestListing guest) {
    unlessAway(() -> guest(host, guest));
  }

  private void guest(HostName host, GuestListing guest) {
    if (guest.ours()) {
      sync(guest.id(), host, guest.powerState());
    }
  }

  /** What is told while the database is away is told again each second. */
  private static void unlessAway(Runnable work) {
    try {
      work.run();
    } catch (DatabaseTrouble e) {
      LOG.atDebug().addKeyValue("why", e.getMessage()).log("what a host tells is not recorded yet");
    }
  }

  /**
   * A host tells all guests that its libvirt knows. One that the record has there and is not among
   * them was undefined behind Godwit's back. If it runs elsewhere, its record is not touched: it is
   * an operator's to say where it belongs.
   */
  public void listed(HostName host, List<GuestListing> guests) {
    unlessAway(() -> all(host, guests));
  }

  private void all(HostName host, List<GuestListing> guests) {
    missing.keySet().removeAll(guests.stream().map(GuestListing::id).toList());
    Map<InstanceId, GuestListing> listed =
        guests.stream()
            .collect(Collectors.toMap(GuestListing::id, guest -> guest, (one, _) -> one));
    for (Instances.AtHome recorded : instances.atHome(host)) {
      Optional<GuestListing> guest = Optional.ofNullable(listed.get(recorded.id()));
      if (guest.isEmpty() && missingForLong(recorded.id())) {
        sync(recorded.id(), host, PowerState.NOSTATE);
      }
      guest.filter(it -> !asRecorded(recorded, it)).ifPresent(it -> guest(host, it));
    }
  }

  private static boolean asRecorded(Instances.AtHome recorded, GuestListing guest) {
    return recorded.powerState() == guest.powerState()
        && recorded.vmState() == vmState(guest.powerState());
  }

  /** Until then another host may yet tell that it came there. */
  private boolean missingForLong(InstanceId id) {
    Instant now = clock.instant();
    Instant since = missing.computeIfAbsent(id, _ -> now);
    return Duration.between(since, now).compareTo(Fleet.HEARD_AGAIN) > 0;
  }

  private void sync(InstanceId id, HostName host, PowerState power) {
    each.run(id, () -> syncUnlessBusy(id, host, power));
  }

  private void syncUnlessBusy(InstanceId id, HostName host, PowerState power) {
    if (!busy.test(id) && !(vmState(power) == VmState.STOPPED && runsElsewhere(id))) {
      tasks.sync(id, host, vmState(power), power, clock.instant());
    }
  }

  private boolean runsElsewhere(InstanceId id) {
    return instances.find(id).flatMap(fleet::runsElsewhere).isPresent();
  }

  static VmState vmState(PowerState power) {
    return switch (power) {
      case RUNNING -> VmState.ACTIVE;
      case PAUSED, SUSPENDED -> VmState.PAUSED;
      case SHUTDOWN, CRASHED, NOSTATE -> VmState.STOPPED;
    };
  }
}
