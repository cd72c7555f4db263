package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Migrations in some phase, and what is seen of them, for tests. */
public final class Moves {
  /** When the phase was entered. */
  public static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  /** A second later. */
  public static final Instant NOW = SINCE.plusSeconds(1);

  /** What failed. */
  public static final Refusal REASON =
      new Refusal("disk-full", "vda", "room", "none", "Make room.");

  private Moves() {}

  /** With a plan from Planned on. */
  public static Migration in(Phase phase, TransferPlan plan, Wishes wishes) {
    boolean planned = !(phase instanceof Phase.Accepted);
    return new Migration(
        MigrationId.of("5f0c3b8e-0000-4000-8000-000000000001"),
        12,
        InstanceId.of("5f0c3b8e-0000-4000-8000-000000000002"),
        new HostName("host-a"),
        MigrationRequest.anywhere(),
        phase,
        planned ? Optional.of(plan) : Optional.empty(),
        wishes,
        new Epoch(4),
        SINCE,
        SINCE,
        List.of());
  }

  public static Migration in(Phase phase) {
    return in(phase, Plans.copied(), Wishes.NONE);
  }

  /** An operator's word on where the guest lives. */
  public static Wishes ruledFor(String host) {
    return new Wishes(
        false, false, Optional.of(new Ruling(new HostName(host), "an operator", "newer disks")));
  }

  /** Both hosts' views. */
  public static Observation views(HostView source, HostView destination, Duration unchangedFor) {
    return views(source, destination, unchangedFor, StepReply.NONE);
  }

  public static Observation views(
      HostView source, HostView destination, Duration unchangedFor, StepReply reply) {
    return new Observation(source, destination, unchangedFor, Optional.empty(), reply, false);
  }

  /** Where the decision is to stay. */
  public static Decision.Stay stays(Migration migration, Observation seen) {
    return (Decision.Stay) Life.next(migration, seen, NOW);
  }

  /** Where it is to move on. */
  public static Decision.Move moves(Migration migration, Observation seen) {
    return (Decision.Move) Life.next(migration, seen, NOW);
  }
}
