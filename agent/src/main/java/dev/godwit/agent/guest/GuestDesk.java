package dev.godwit.agent.guest;

import dev.godwit.agent.Turns;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.host.HostTrouble;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.LibvirtException;
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

  private final Turns turns;
  private final Creation creation;
  private final Power power;
  private final Removal removal;
  private final Adoption adoption;

  public GuestDesk(
      Creation creation, Power power, Removal removal, Adoption adoption, Turns turns) {
    this.turns = turns;
    this.creation = creation;
    this.power = power;
    this.removal = removal;
    this.adoption = adoption;
  }

  /** Makes disks and definition and starts the guest; on refusal nothing is left. */
  public StepReply create(InstanceId instance, GuestSpec spec) {
    return alone(
        "create", MAKE, instance, () -> creation.create(instance, spec), StepReply.Refused::new);
  }

  /** Changes the power state; refused while a job (a migration) runs on the guest. */
  public StepReply power(InstanceId instance, PowerAction action) {
    return alone(
        action.name(),
        SWITCH,
        instance,
        () -> power.power(instance, action),
        StepReply.Refused::new);
  }

  /** Destroys and undefines the domain and removes the disks that are marked as its own. */
  public StepReply delete(InstanceId instance) {
    return alone("delete", MAKE, instance, () -> removal.delete(instance), StepReply.Refused::new);
  }

  /** Marks a domain and its writable disks as Godwit's; its run is not touched. */
  public Answer<GuestListing> adopt(InstanceId instance) {
    return alone("adopt", MAKE, instance, () -> adoption.adopt(instance), Answer.Refused::new);
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
    } catch (FileTrouble | HostTrouble e) {
      return refuse.apply(trouble(what, String.valueOf(e.getMessage())));
    }
  }

  private static Refusal busy(InstanceId instance) {
    return new Refusal(
        "guest-busy",
        instance.toString(),
        "one wish at a time",
        "an earlier one that is not done yet",
        "Wait until it is done, then ask again.");
  }

  private static Refusal trouble(String what, String found) {
    return new Refusal(
        "host-trouble", what, "it done", found, "Look at libvirtd, QEMU and the disk's room.");
  }
}
