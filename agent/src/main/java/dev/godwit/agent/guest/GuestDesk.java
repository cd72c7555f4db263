package dev.godwit.agent.guest;

import dev.godwit.agent.Turns;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.host.HostTrouble;
import dev.godwit.agent.note.TurnNotes;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.LibvirtException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Owners' wishes for their guests, one at a time for each guest. A repeat of a wish that came true
 * is a no-op; what cannot be done is a refusal.
 */
public final class GuestDesk {
  /** A switch that is asked for twice is an owner's impatience. */
  private static final Duration SWITCH = Duration.ofSeconds(2);

  /** These are asked for again when their answer was lost: then the first one's result counts. */
  private static final Duration MAKE = Duration.ofSeconds(60);

  /** An order in whose midst an adoption falls is a short one. */
  private static final Duration ORDER = Duration.ofSeconds(10);

  private final Turns turns;
  private final Turns orders;
  private final TurnNotes notes;
  private final Creation creation;
  private final Power power;
  private final Removal removal;
  private final Adoption adoption;

  /** Who does what is wished for. */
  public record Workers(Creation creation, Power power, Removal removal, Adoption adoption) {}

  /**
   * The desk.
   *
   * @param turns those of wishes, by instance
   * @param orders those of migrations' orders, by instance
   */
  public GuestDesk(Workers workers, TurnNotes notes, Turns turns, Turns orders) {
    this.turns = turns;
    this.orders = orders;
    this.notes = notes;
    this.creation = workers.creation;
    this.power = workers.power;
    this.removal = workers.removal;
    this.adoption = workers.adoption;
  }

  /** Makes disks and definition and starts the guest; on refusal nothing is left. */
  public StepReply create(GuestTask task, GuestSpec spec) {
    return inTurn("create", MAKE, task, () -> creation.create(task.instance(), spec));
  }

  /** Changes the power state; refused while a job (a migration) runs on the guest. */
  public StepReply power(GuestTask task, PowerAction action) {
    return inTurn(action.name(), SWITCH, task, () -> power.power(task.instance(), action));
  }

  /** Destroys and undefines the domain and removes the disks that are marked as its own. */
  public StepReply delete(GuestTask task) {
    return inTurn("delete", MAKE, task, () -> removal.delete(task.instance()));
  }

  /** Nothing of the past: of a server that was struck off, or before the owner's next wish. */
  private StepReply inTurn(
      String what, Duration patience, GuestTask task, Supplier<StepReply> work) {
    return alone(
        what,
        patience,
        task.instance(),
        () ->
            notes
                .take(task)
                .<StepReply>map(later -> new StepReply.Refused(stale(task, later)))
                .orElseGet(work),
        StepReply.Refused::new);
  }

  /**
   * Marks a domain and its writable disks as Godwit's; its run is not touched. It ends what is
   * noted of the instance's migrations, and so takes turns with their orders and their fences.
   */
  public Answer<GuestListing> adopt(InstanceId instance) {
    return alone("adopt", MAKE, instance, () -> betweenOrders(instance), Answer.Refused::new);
  }

  private Answer<GuestListing> betweenOrders(InstanceId instance) {
    String about = instance.toString();
    return orders
        .take(
            about,
            ORDER,
            () -> orders.take(Turns.urgent(about), ORDER, () -> adoption.adopt(instance)))
        .flatMap(Function.identity())
        .orElseGet(() -> new Answer.Refused<>(ordered(instance)));
  }

  private <T> T alone(
      String what,
      Duration patience,
      InstanceId instance,
      Supplier<T> work,
      Function<Refusal, T> refuse) {
    try {
      return turns
          .take(instance.toString(), patience, work)
          .orElseGet(() -> refuse.apply(busy(instance)));
    } catch (LibvirtException e) {
      return refuse.apply(
          e.isNoDomain()
              ? new Refusal(
                  "no-guest", what, "a guest on this host", "none", "Look where the guest is.")
              : trouble(what, e.text()));
    } catch (FileTrouble | HostTrouble | UncheckedIOException e) {
      return refuse.apply(trouble(what, String.valueOf(e.getMessage())));
    }
  }

  private static Refusal stale(GuestTask task, long later) {
    return new Refusal(
        "stale-turn",
        task.instance().toString(),
        "turn %d or later".formatted(later),
        "turn " + task.turn(),
        "Nothing: a later wish has come, or another server has taken this one over.");
  }

  private static Refusal busy(InstanceId instance) {
    return new Refusal(
        Refusals.TURN_TAKEN,
        instance.toString(),
        "one wish at a time",
        "an earlier one that is not done yet",
        "Wait until it is done, then ask again.");
  }

  private static Refusal ordered(InstanceId instance) {
    return new Refusal(
        Refusals.AGENT_BUSY,
        instance.toString(),
        "a guest about which nothing is ordered",
        "an order of a migration that is not done yet",
        "Wait until the migration is over, then ask again.");
  }

  private static Refusal trouble(String what, String found) {
    return new Refusal(
        Refusals.HOST_TROUBLE,
        what,
        "it done",
        found,
        "Look at libvirtd, QEMU and the disk's room.");
  }
}
