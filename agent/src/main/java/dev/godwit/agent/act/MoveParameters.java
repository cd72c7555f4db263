package dev.godwit.agent.act;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plan in libvirt's words (virDomainMigrateToURI3). */
final class MoveParameters {
  private static final Pattern MIGRATE_URI =
      Pattern.compile("tcp:(?://)?(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:/]+))(?::\\d+)?");

  private MoveParameters() {}

  /**
   * The call that moves a guest.
   *
   * @param running its XML as the destination shall have it
   * @param definition what the destination shall keep
   */
  static MigrateParameters of(TransferPlan plan, String running, String definition) {
    return of(plan, flags(plan)).destinationXml(running).persistentXml(definition).build();
  }

  /** The same call once more, which goes on with its post-copy: the guest is there already. */
  static MigrateParameters resuming(TransferPlan plan) {
    Set<MigrateFlag> flags = flags(plan);
    flags.add(MigrateFlag.POSTCOPY_RESUME);
    return of(plan, flags).build();
  }

  private static MigrateParameters.Builder of(TransferPlan plan, Set<MigrateFlag> flags) {
    MigrateParameters.Builder to =
        MigrateParameters.to(plan.destinationUri()).flags(flags).migrateUri(plan.migrateUri());
    // Without it QEMU waits for memory and disks on every address of the destination.
    listenAddress(plan.migrateUri()).ifPresent(to::listenAddress);
    List<DiskMove> copied = travelling(plan);
    if (!copied.isEmpty()) {
      to.disks(copied.stream().map(DiskMove::target).toList());
    }
    if (plan.bandwidthMibPerSecond() > 0) {
      to.bandwidthMibPerSecond(plan.bandwidthMibPerSecond());
    }
    if (parallel(plan)) {
      to.parallelConnections(plan.parallelConnections());
    }
    return to;
  }

  private static List<DiskMove> travelling(TransferPlan plan) {
    return plan.disks().stream().filter(DiskMove::travels).toList();
  }

  /** QEMU cannot switch to post-copy what it sends over several connections. */
  private static boolean parallel(TransferPlan plan) {
    return plan.parallelConnections() > 1 && !plan.postCopyPermitted();
  }

  /** The host part of tcp://host, tcp:host or either with a port; an IPv6 address in brackets. */
  static Optional<String> listenAddress(String migrateUri) {
    Matcher uri = MIGRATE_URI.matcher(migrateUri);
    return uri.matches()
        ? Optional.of(uri.group(1) == null ? uri.group(2) : uri.group(1))
        : Optional.empty();
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
    List<DiskMove> copied = travelling(plan);
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
    if (parallel(plan)) {
      flags.add(MigrateFlag.PARALLEL);
    }
    return flags;
  }
}
