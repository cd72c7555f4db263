package dev.godwit.agent.act;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A plan in libvirt's words (virDomainMigrateToURI3). */
final class MoveParameters {
  private MoveParameters() {}

  static MigrateParameters of(TransferPlan plan) {
    MigrateParameters.Builder to =
        MigrateParameters.to(plan.destinationUri())
            .flags(flags(plan))
            .migrateUri(plan.migrateUri());
    List<DiskMove> copied = plan.copiedDisks().stream().filter(DiskMove::writable).toList();
    if (!copied.isEmpty()) {
      to.disks(copied.stream().map(DiskMove::target).toList());
    }
    if (plan.bandwidthMibPerSecond() > 0) {
      to.bandwidthMibPerSecond(plan.bandwidthMibPerSecond());
    }
    if (plan.parallelConnections() > 1) {
      to.parallelConnections(plan.parallelConnections());
    }
    return to.build();
  }

  private static Set<MigrateFlag> flags(TransferPlan plan) {
    // PERSIST_DEST is the proof of "never ran": the definition is on disk before the vCPUs start.
    EnumSet<MigrateFlag> flags =
        EnumSet.of(
            MigrateFlag.LIVE,
            MigrateFlag.PEER2PEER,
            MigrateFlag.PERSIST_DEST,
            MigrateFlag.UNDEFINE_SOURCE);
    if (plan.handOver() == HandOver.STRICT && !plan.ownerPaused()) {
      flags.add(MigrateFlag.PAUSED);
    }
    List<DiskMove> copied = plan.copiedDisks().stream().filter(DiskMove::writable).toList();
    if (!copied.isEmpty()) {
      // With a backing file only the top layer travels; without one the top layer is everything.
      boolean layered = copied.stream().anyMatch(disk -> disk.backingFile().isPresent());
      flags.add(layered ? MigrateFlag.NON_SHARED_INC : MigrateFlag.NON_SHARED_DISK);
    }
    if (plan.nativeTls()) {
      flags.add(MigrateFlag.TLS);
    }
    if (plan.sharedProven()) {
      flags.add(MigrateFlag.UNSAFE);
    }
    if (plan.postCopyPermitted()) {
      flags.add(MigrateFlag.POSTCOPY);
    }
    if (plan.autoConvergePermitted()) {
      flags.add(MigrateFlag.AUTO_CONVERGE);
    }
    if (plan.parallelConnections() > 1) {
      flags.add(MigrateFlag.PARALLEL);
    }
    return flags;
  }
}
