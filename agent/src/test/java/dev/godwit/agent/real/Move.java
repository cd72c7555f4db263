package dev.godwit.agent.real;

import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.lab.host.Addresses;
import java.util.List;
import java.util.UUID;

/** A migration of a guest without disks from h1 to h2. */
record Move(MigrationId id, InstanceId instance) {
  static Move of(InstanceId instance) {
    return new Move(MigrationId.of(UUID.randomUUID().toString()), instance);
  }

  /**
   * Its plan.
   *
   * @param bandwidthMib MiB a second; 0 for as fast as it goes
   */
  TransferPlan plan(HandOver handOver, long bandwidthMib) {
    String address = Addresses.host("h2");
    return new TransferPlan(
        new HostName("h2"),
        "qemu+tcp://" + address + "/system",
        "tcp://" + address,
        handOver,
        List.of(),
        false,
        false,
        false,
        false,
        false,
        false,
        1,
        bandwidthMib,
        300);
  }
}
