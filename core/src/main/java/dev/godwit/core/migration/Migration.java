package dev.godwit.core.migration;

import dev.godwit.core.Check;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One attempt to move one instance; a retry is a new migration.
 *
 * @param number the small integer of the Compute API
 * @param plan present from Planned on
 * @param epoch the owner's fencing number; orders carry it
 * @param phaseSince when the current phase was entered
 * @param owed what waits for hosts that are known dead; the record keeps it, also of a migration
 *     that is over
 */
public record Migration(
    MigrationId id,
    long number,
    InstanceId instance,
    HostName source,
    MigrationRequest request,
    Phase phase,
    Optional<TransferPlan> plan,
    Wishes wishes,
    Epoch epoch,
    Instant acceptedAt,
    Instant phaseSince,
    List<Owed> owed) {
  public Migration {
    owed = List.copyOf(owed);
  }

  /** The plan; only from Planned on. */
  public TransferPlan planned() {
    Check.that(plan.isPresent(), "migration %s has no plan in phase %s", id, phase.name());
    return plan.orElseThrow();
  }

  /** The destination; only from Planned on. */
  public HostName destination() {
    return planned().destination();
  }

  /** An operator said that the disks at the source are the ones. */
  boolean ruledForSource() {
    return ruledFor(source);
  }

  /** An operator said that the guest lives there. */
  public boolean ruledFor(HostName host) {
    return wishes.ruling().filter(ruling -> ruling.home().equals(host)).isPresent();
  }

  /** True when both are at the same step, and owe the same. */
  public boolean standsAs(Migration other) {
    return phase.equals(other.phase) && owed.equals(other.owed);
  }

  /** True when nothing is left to do: over, and nothing owed. */
  public boolean rests() {
    return phase.over() && owed.isEmpty();
  }

  /** True when something waits for this host. */
  public boolean owes(HostName host) {
    return owed.stream().anyMatch(it -> it.host().equals(host));
  }

  Migration in(Phase next, Instant now) {
    return copy(next, plan, wishes, epoch, now, owed);
  }

  Migration with(TransferPlan chosen) {
    return copy(phase, Optional.of(chosen), wishes, epoch, phaseSince, owed);
  }

  /** Without its plan, which was too old. */
  Migration unplanned() {
    return copy(phase, Optional.empty(), wishes, epoch, phaseSince, owed);
  }

  /** The same migration under another owner. */
  public Migration with(Epoch newEpoch) {
    return copy(phase, plan, wishes, newEpoch, phaseSince, owed);
  }

  /** The same migration with other wishes. */
  public Migration with(Wishes newWishes) {
    return copy(phase, plan, newWishes, epoch, phaseSince, owed);
  }

  /** With one more step that waits for a host. */
  public Migration owing(Owed more) {
    return owed.contains(more)
        ? this
        : copy(
            phase,
            plan,
            wishes,
            epoch,
            phaseSince,
            Stream.concat(owed.stream(), Stream.of(more)).toList());
  }

  /** The same without what it owed: all of it is tried again. */
  public Migration owingNothing() {
    return copy(phase, plan, wishes, epoch, phaseSince, List.of());
  }

  private Migration copy(
      Phase aPhase,
      Optional<TransferPlan> aPlan,
      Wishes someWishes,
      Epoch anEpoch,
      Instant since,
      List<Owed> debts) {
    return new Migration(
        id,
        number,
        instance,
        source,
        request,
        aPhase,
        aPlan,
        someWishes,
        anEpoch,
        acceptedAt,
        since,
        debts);
  }
}
