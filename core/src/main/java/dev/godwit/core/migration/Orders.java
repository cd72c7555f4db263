package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.HandOver;
import java.util.List;

/** Which order each step is, and for which host. */
public final class Orders {
  private Orders() {}

  static List<Order> of(Migration migration, PrepareStep step) {
    TransferPlan plan = migration.planned();
    return List.of(
        switch (step) {
          case DESTINATION_DIRECTORIES ->
              atDestination(migration, new Act.PrepareDirectories(plan.disks()));
          case DESTINATION_DISKS ->
              atDestination(migration, new Act.PrepareDisks(plan.copiedDisks()));
          case SOURCE_AUTOSTART -> atSource(migration, new Act.DisarmAutostart());
        });
  }

  static List<Order> of(Migration migration, RollbackStep step) {
    TransferPlan plan = migration.planned();
    return switch (step) {
      case DESTINATION_SUSPENDED -> List.of(atDestination(migration, new Act.SuspendStray()));
      // The source is told as well: a silent destination must not keep its guest paused, and an
      // order of the way forward that is still on its way there has to find the new epoch.
      case DESTINATION_DOMAIN ->
          List.of(
              restoreSource(migration, plan),
              atDestination(migration, new Act.ClearDestinationDomain()));
      case DESTINATION_FILES ->
          List.of(atDestination(migration, new Act.ClearDestinationFiles(plan.disks())));
      case SOURCE_RESTORED -> List.of(restoreSource(migration, plan));
    };
  }

  private static Order restoreSource(Migration migration, TransferPlan plan) {
    boolean resume = migration.wishes().forceComplete() && !plan.ownerPaused();
    return atSource(migration, new Act.RestoreSource(plan.autostart(), resume));
  }

  static List<Order> of(Migration migration, SettleStep step) {
    TransferPlan plan = migration.planned();
    return List.of(
        switch (step) {
          case SOURCE_SUSPENDED -> atSource(migration, new Act.SuspendStray());
          case SOURCE_FENCED -> atSource(migration, new Act.FenceSource());
          case DESTINATION_RUNNING ->
              atDestination(
                  migration,
                  new Act.RunAtDestination(
                      plan.handOver() == HandOver.STRICT && !plan.ownerPaused(), plan.autostart()));
          case SOURCE_DEFINITION -> atSource(migration, new Act.ClearSourceDefinition());
          case SOURCE_FILES -> atSource(migration, new Act.ClearSourceFiles(plan.disks()));
          case DESTINATION_OWNED ->
              atDestination(migration, new Act.OwnDestinationFiles(plan.disks()));
        });
  }

  /** The order that begins the copy. */
  public static Order startTransfer(Migration migration) {
    return atSource(migration, new Act.StartTransfer(migration.planned()));
  }

  /** The order that begins what follows the commit. */
  public static List<Order> fence(Migration migration) {
    return of(migration, SettleStep.SOURCE_FENCED);
  }

  /** An order for the source. */
  public static Order atSource(Migration migration, Act act) {
    return new Order(
        migration.id(), migration.epoch(), migration.instance(), migration.source(), act);
  }

  /** An order for the destination. */
  public static Order atDestination(Migration migration, Act act) {
    return new Order(
        migration.id(), migration.epoch(), migration.instance(), migration.destination(), act);
  }
}
