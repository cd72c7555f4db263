package dev.godwit.core.migration;

import dev.godwit.core.Check;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to move one instance; a retry is a new migration.
 *
 * @param number the small integer of the Compute API
 * @param plan present from Planned on
 * @param epoch the owner's fencing number; orders carry it
 * @param phaseSince when the current phase was entered
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
    Instant phaseSince) {

  /** The plan; only from Planned on. */
  public TransferPlan planned() {
    Check.that(plan.isPresent(), "migration %s has no plan in phase %s", id, phase.name());
    return plan.orElseThrow();
  }

  /** The destination; only from Planned on. */
  public HostName destination() {
    return planned().destination();
  }

  Migration in(Phase next, Instant now) {
    return new Migration(
        id, number, instance, source, request, next, plan, wishes, epoch, acceptedAt, now);
  }

  Migration with(TransferPlan chosen) {
    return new Migration(
        id,
        number,
        instance,
        source,
        request,
        phase,
        Optional.of(chosen),
        wishes,
        epoch,
        acceptedAt,
        phaseSince);
  }

  /** The same migration under another owner. */
  public Migration with(Epoch newEpoch) {
    return new Migration(
        id,
        number,
        instance,
        source,
        request,
        phase,
        plan,
        wishes,
        newEpoch,
        acceptedAt,
        phaseSince);
  }

  /** The same migration with other wishes. */
  public Migration with(Wishes newWishes) {
    return new Migration(
        id,
        number,
        instance,
        source,
        request,
        phase,
        plan,
        newWishes,
        epoch,
        acceptedAt,
        phaseSince);
  }
}
