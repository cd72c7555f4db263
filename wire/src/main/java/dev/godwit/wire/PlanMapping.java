package dev.godwit.wire;

import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HandOver;
import dev.godwit.wire.proto.DepartureFactsMessage;
import dev.godwit.wire.proto.DiskMoveMessage;
import dev.godwit.wire.proto.LinkMessage;
import dev.godwit.wire.proto.TransferPlanMessage;
import java.util.Optional;

/** The plan of a move and its disks. */
public final class PlanMapping {
  private PlanMapping() {}

  /** To the agent, and into the journal. */
  public static TransferPlanMessage message(TransferPlan plan) {
    return TransferPlanMessage.newBuilder()
        .setDestination(plan.destination().value())
        .setDestinationUri(plan.destinationUri())
        .setMigrateUri(plan.migrateUri())
        .setStrict(plan.handOver() == HandOver.STRICT)
        .addAllDisks(plan.disks().stream().map(PlanMapping::disk).toList())
        .setNativeTls(plan.nativeTls())
        .setSharedProven(plan.sharedProven())
        .setOwnerPaused(plan.ownerPaused())
        .setAutostart(plan.autostart())
        .setPostCopyPermitted(plan.postCopyPermitted())
        .setAutoConvergePermitted(plan.autoConvergePermitted())
        .setParallelConnections(plan.parallelConnections())
        .setBandwidthMibPerSecond(plan.bandwidthMibPerSecond())
        .setDowntimeLimitMs(plan.downtimeLimitMs())
        .build();
  }

  /** From the server, or out of the journal, checked. */
  public static TransferPlan plan(TransferPlanMessage from) {
    return new TransferPlan(
        Checked.host(from.getDestination()),
        from.getDestinationUri(),
        from.getMigrateUri(),
        from.getStrict() ? HandOver.STRICT : HandOver.FAST,
        Checked.atMost(Checked.MOST_DISKS, from.getDisksList(), "disks").stream()
            .map(PlanMapping::disk)
            .toList(),
        from.getNativeTls(),
        from.getSharedProven(),
        from.getOwnerPaused(),
        from.getAutostart(),
        from.getPostCopyPermitted(),
        from.getAutoConvergePermitted(),
        from.getParallelConnections(),
        from.getBandwidthMibPerSecond(),
        from.getDowntimeLimitMs());
  }

  /** What a source says of a plan, for the wire. */
  public static DepartureFactsMessage message(DepartureFacts departure) {
    return DepartureFactsMessage.newBuilder()
        .putAllKeptDisks(departure.keptDisks())
        .addAllLinks(departure.links().stream().map(PlanMapping::link).toList())
        .build();
  }

  private static LinkMessage link(DepartureFacts.Link link) {
    LinkMessage.Builder to = LinkMessage.newBuilder().setAddress(link.address());
    link.trouble().ifPresent(to::setTrouble);
    return to.build();
  }

  /** What a source says of a plan, from the wire. */
  public static DepartureFacts departure(DepartureFactsMessage from) {
    return new DepartureFacts(
        from.getKeptDisksMap(),
        from.getLinksList().stream()
            .map(link ->
                new DepartureFacts.Link(
                    link.getAddress(),
                    link.hasTrouble() ? Optional.of(link.getTrouble()) : Optional.empty()))
            .toList());
  }

  static DiskMoveMessage disk(DiskMove disk) {
    DiskMoveMessage.Builder to =
        DiskMoveMessage.newBuilder()
            .setTarget(disk.target())
            .setPath(disk.path())
            .setFormat(disk.format().word())
            .setVirtualSizeBytes(disk.virtualSizeBytes())
            .setWritable(disk.writable())
            .setCopied(disk.copied())
            .setPresent(disk.mode() == DiskMove.Mode.PRESENT)
            .setNvram(disk.mode() == DiskMove.Mode.NVRAM);
    disk.backingFile().ifPresent(to::setBackingFile);
    return to.build();
  }

  static DiskMove disk(DiskMoveMessage from) {
    if (from.getVirtualSizeBytes() < 0) {
      throw new BadMessage("disk " + from.getTarget() + ": expected a size of at least 0 bytes");
    }
    return new DiskMove(
        from.getTarget(),
        Checked.absolutePath(from.getPath()),
        format(from.getFormat()),
        from.getVirtualSizeBytes(),
        from.hasBackingFile()
            ? Optional.of(Checked.absolutePath(from.getBackingFile()))
            : Optional.empty(),
        from.getWritable(),
        mode(from));
  }

  private static DiskMove.Mode mode(DiskMoveMessage from) {
    if (from.getPresent()) {
      return DiskMove.Mode.PRESENT;
    }
    if (from.getNvram()) {
      return DiskMove.Mode.NVRAM;
    }
    return from.getCopied() ? DiskMove.Mode.COPIED : DiskMove.Mode.SHARED;
  }

  static DiskFormat format(String word) {
    try {
      return DiskFormat.of(word);
    } catch (IllegalArgumentException e) {
      throw new BadMessage(String.valueOf(e.getMessage()));
    }
  }
}
