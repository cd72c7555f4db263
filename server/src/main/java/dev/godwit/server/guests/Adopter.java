package dev.godwit.server.guests;

import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Guests;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.Flavor;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Migrations;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Makes instances of domains that run on a host already; their run is not touched. */
public final class Adopter {
  private final Instances instances;
  private final Migrations migrations;
  private final Fleet fleet;
  private final Guests guests;
  private final Clock clock;

  public Adopter(
      Instances instances, Migrations migrations, Fleet fleet, Guests guests, Clock clock) {
    this.instances = instances;
    this.migrations = migrations;
    this.fleet = fleet;
    this.guests = guests;
    this.clock = clock;
  }

  /**
   * Adopts one; an instance that was deleted once may come back so. A repeat marks the disks that
   * the guest got since as its own. An instance that was moved behind Godwit's back is taken over
   * where it runs now.
   *
   * <p>The host's agent ends what it knows of the instance's migrations, for the record of those
   * may have been lost. So nothing is adopted while the record has something under way.
   */
  public Adoption adopt(HostName host, InstanceId id, Instance.Owner owner, String requestId) {
    Optional<Instance> known = instances.find(id).filter(it -> it.vmState() != VmState.DELETED);
    boolean comesHere = known.flatMap(fleet::runsElsewhere).filter(host::equals).isPresent();
    if (known.isPresent() && !comesHere && !known.get().host().equals(Optional.of(host))) {
      return alreadyKnown(known.get());
    }
    Optional<Refusal> underWay = moving(id).or(() -> known.flatMap(Adopter::busy));
    if (underWay.isPresent()) {
      return new Adoption.Refused(underWay.get());
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
          known
              .map(
                  instance -> comesHere ? follow(instance, guest, member.get()) : adopted(instance))
              .orElseGet(() -> record(guest, member.get(), owner, requestId));
    };
  }

  /** A migration that has something to do, or owes something, needs what its agents know of it. */
  private Optional<Refusal> moving(InstanceId id) {
    return migrations.restless(id).stream()
        .findFirst()
        .map(row -> {
          long number = row.migration().number();
          return new Refusal(
              Refusals.GUEST_BUSY,
              id.toString(),
              "an instance of which no migration has anything left to do",
              row.over()
                  ? "migration %d, which is over and owes its hosts something".formatted(number)
                  : "migration %d, which is under way".formatted(number),
              "See what it waits for with 'godwit migration show %d'; when that is done, adopt again."
                  .formatted(number));
        });
  }

  private static Optional<Refusal> busy(Instance instance) {
    return instance.taskState() == TaskState.NONE
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusals.GUEST_BUSY,
                instance.id().toString(),
                "an instance without a task",
                "one that is " + instance.taskState().word(),
                "Wait until that is done, then adopt again."));
  }

  private static Adoption adopted(Instance instance) {
    return new Adoption.Adopted(instance);
  }

  /** The record goes after a guest that somebody moved behind Godwit's back. */
  private Adoption follow(Instance instance, GuestListing guest, Fleet.Member member) {
    boolean followed =
        instances.follow(
            instance,
            member.name(),
            member.row().inventory().node(),
            guest.powerState(),
            clock.instant());
    return followed
        ? adopted(instances.find(instance.id()).orElseThrow())
        : alreadyKnown(instances.find(instance.id()).orElseThrow());
  }

  private static Adoption alreadyKnown(Instance instance) {
    return new Adoption.Refused(
        new Refusal(
            "already-known",
            instance.id().toString(),
            "a domain that is no instance yet",
            "instance %s%s"
                .formatted(instance.name(), instance.host().map(host -> " on " + host).orElse("")),
            "Nothing: it is Godwit's already."));
  }

  private Adoption record(
      GuestListing guest, Fleet.Member member, Instance.Owner owner, String requestId) {
    // What it uses is taken already, whether or not there was room for it.
    return instances
        .add(number -> instance(number, guest, member, owner), Resources.UNLIMITED, requestId, "")
        .<Adoption>map(Adoption.Adopted::new)
        .orElseGet(() -> alreadyKnown(instances.find(guest.id()).orElseThrow()));
  }

  private Instance instance(
      long number, GuestListing guest, Fleet.Member member, Instance.Owner owner) {
    Instant now = clock.instant();
    return new Instance(
        guest.id(),
        number,
        guest.name(),
        owner,
        Optional.of(member.name()),
        Optional.of(member.row().inventory().node()),
        PowerSync.vmState(guest.powerState()),
        TaskState.NONE,
        guest.powerState(),
        new Flavor(0, "adopted", "adopted", Math.toIntExact(guest.memoryMib()), guest.vcpus(), 0),
        "",
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        now,
        now,
        Optional.of(now),
        Optional.empty());
  }
}
