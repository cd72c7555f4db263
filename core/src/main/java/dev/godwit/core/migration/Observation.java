package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was seen since the last decision.
 *
 * @param source what is known of the source; where nobody looked, {@link HostView.Fenced} when it
 *     is known dead, else {@link HostView#NOT_LOOKED}
 * @param destination the same of the destination
 * @param unchangedFor how long both views have been saying the same, over at least two looks
 * @param plan the outcome of planning, in phase Accepted
 * @param reply the answer to the last order
 * @param earlierSettling an earlier migration of the instance is still settling, or its source owes
 *     something to an earlier one
 * @param movedOn the guest was deleted since, or moved on to a third host: nobody needs any more
 *     what this move left
 */
public record Observation(
    HostView source,
    HostView destination,
    Duration unchangedFor,
    Optional<PlanOutcome> plan,
    StepReply reply,
    boolean earlierSettling,
    boolean movedOn) {

  /** Of a guest whose record is as this move leaves it. */
  public Observation(
      HostView source,
      HostView destination,
      Duration unchangedFor,
      Optional<PlanOutcome> plan,
      StepReply reply,
      boolean earlierSettling) {
    this(source, destination, unchangedFor, plan, reply, earlierSettling, false);
  }

  /** Nothing seen yet. */
  public static Observation nothing() {
    return new Observation(
        HostView.NOT_LOOKED,
        HostView.NOT_LOOKED,
        Duration.ZERO,
        Optional.empty(),
        StepReply.NONE,
        false);
  }

  /** The same of a guest that has moved on, or not. */
  public Observation movedOn(boolean itHas) {
    return new Observation(source, destination, unchangedFor, plan, reply, earlierSettling, itHas);
  }

  /** The answer of the last order, nothing else. */
  public static Observation of(StepReply reply) {
    return new Observation(
        HostView.NOT_LOOKED, HostView.NOT_LOOKED, Duration.ZERO, Optional.empty(), reply, false);
  }

  /** True when the source answers and has the guest, or, of one that ended, its definition. */
  public boolean sourceHasGuest() {
    return hasGuest(source);
  }

  /** The same of the destination. */
  public boolean destinationHasGuest() {
    return hasGuest(destination);
  }

  /**
   * True when the destination answers and has the guest, running or not, and not only its files.
   */
  boolean destinationHasActiveGuest() {
    return active(destination);
  }

  /** True when the source answers and has the guest's definition, whether it runs or not. */
  boolean sourceHasDefinition() {
    return hasDefinition(source);
  }

  /** The same of the destination. */
  boolean destinationHasDefinition() {
    return hasDefinition(destination);
  }

  private static boolean hasDefinition(HostView host) {
    return host instanceof HostView.Seen(_, GuestView guest, _)
        && switch (guest) {
          case GuestView.Active active -> active.persistent();
          case GuestView.Inactive(boolean defined, _, _) -> defined;
        };
  }

  private static boolean active(HostView host) {
    return host instanceof HostView.Seen(_, GuestView.Active _, _);
  }

  private static boolean hasGuest(HostView host) {
    return active(host) || hasDefinition(host);
  }

  /** True when the source is known dead. */
  public boolean sourceDead() {
    return source instanceof HostView.Fenced;
  }

  /** True when the destination is known dead. */
  public boolean destinationDead() {
    return destination instanceof HostView.Fenced;
  }

  /** The orders without those for a host that is known dead: nobody would hear them. */
  public List<Order> living(Migration migration, List<Order> orders) {
    return orders.stream().filter(order -> !dead(migration, order.host())).toList();
  }

  private boolean dead(Migration migration, HostName host) {
    return host.equals(migration.source()) ? sourceDead() : destinationDead();
  }
}
