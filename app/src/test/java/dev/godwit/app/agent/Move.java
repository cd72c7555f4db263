package dev.godwit.app.agent;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.util.List;
import java.util.UUID;

/** A migration of a guest. */
record Move(MigrationId id, InstanceId instance) {
  static Move of(InstanceId instance) {
    return new Move(MigrationId.of(UUID.randomUUID().toString()), instance);
  }

  /**
   * Its plan.
   *
   * @param bandwidthMib MiB a second; 0 for as fast as it goes
   */
  TransferPlan plan(
      HostUnderTest destination, HandOver handOver, long bandwidthMib, List<DiskMove> disks) {
    return new TransferPlan(
        destination.agent().host(),
        destination.libvirtUri(),
        destination.migrateUri(),
        handOver,
        disks,
        false,
        true,
        false,
        false,
        handOver != HandOver.STRICT,
        false,
        1,
        bandwidthMib,
        300);
  }
}
