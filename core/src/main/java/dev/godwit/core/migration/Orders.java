package dev.godwit.core.migration;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.HandOver;
import java.util.ArrayList;
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
      case TRANSFER_FORBIDDEN -> List.of(atSource(migration, new Act.AbortTransfer()));
      case DESTINATION_SUSPENDED -> List.of(atDestination(migration, new Act.SuspendStray()));
      case DESTINATION_DOMAIN -> clearDestination(migration, plan);
      case DESTINATION_FILES ->
          List.of(atDestination(migration, new Act.ClearDestinationFiles(plan.disks())));
      case SOURCE_RESTORED ->
          List.of(
              atSource(
                  migration,
                  new Act.RestoreSource(plan.autostart(), paused(migration, plan), true)));
    };
  }

  /**
   * The source is told as well: an order of the way forward that is still on its way there has to
   * find the new epoch, and a silent destination must not keep its guest paused. Its autostart is
   * restored last: before, libvirt may just be starting the destination, and a source that is
   * started with its host would be the second.
   */
  private static List<Order> clearDestination(Migration migration, TransferPlan plan) {
    List<Order> orders = new ArrayList<>();
    orders.add(atSource(migration, new Act.AbortTransfer()));
    if (paused(migration, plan)) {
      orders.add(atSource(migration, new Act.ResumeSource()));
    }
    orders.add(atDestination(migration, new Act.ClearDestinationDomain()));
    return orders;
  }

  /** The move itself may have paused it. */
  private static boolean paused(Migration migration, TransferPlan plan) {
    return migration.wishes().forceComplete() && !plan.ownerPaused();
  }

  static List<Order> of(Migration migration, SettleStep step) {
    TransferPlan plan = migration.planned();
    return List.of(
        switch (step) {
          case SOURCE_SUSPENDED -> atSource(migration, new Act.SuspendStray());
          case POST_COPY_RECOVERED -> atSource(migration, new Act.RecoverPostCopy(plan));
          // One that its owner had paused never ran on by itself.
          case SOURCE_FENCED -> atSource(migration, new Act.FenceSource(plan.ownerPaused()));
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
