package dev.godwit.wire;

import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.PowerState;
import dev.godwit.wire.proto.DestinationFactsMessage;
import dev.godwit.wire.proto.DiskFactsMessage;
import dev.godwit.wire.proto.GuestFactsMessage;
import dev.godwit.wire.proto.RoomMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What agents say for the pre-checks. */
public final class FactsMapping {
  private FactsMapping() {}

  /** A guest's facts for the wire. */
  public static GuestFactsMessage message(GuestFacts guest) {
    GuestFactsMessage.Builder to =
        GuestFactsMessage.newBuilder()
            .setName(guest.name())
            .setPowerState(guest.powerState().name())
            .setPausedByOwner(guest.pausedByOwner())
            .setVirtType(guest.virtType())
            .setArchitecture(guest.architecture())
            .setMachine(guest.machine())
            .setEmulator(guest.emulator())
            .setHypervisorVersion(guest.hypervisorVersion())
            .setLibvirtVersion(guest.libvirtVersion())
            .setMemoryMib(guest.memoryMib())
            .setUnevenMemory(guest.unevenMemory())
            .setVcpus(guest.vcpus())
            .addAllDisks(guest.disks().stream().map(FactsMapping::disk).toList())
            .addAllImmovable(guest.immovable())
            .addAllBridges(guest.bridges())
            .setAutostart(guest.autostart())
            .setManagedSave(guest.managedSave())
            .addAllBootFiles(guest.bootFiles())
            .setLeases(LeasesMapping.message(guest.leases()));
    guest.cpuXml().ifPresent(to::setCpuXml);
    guest.busy().ifPresent(to::setBusy);
    return to.build();
  }

  private static DiskFactsMessage disk(GuestFacts.DiskFacts disk) {
    DiskFactsMessage.Builder to =
        DiskFactsMessage.newBuilder()
            .setTarget(disk.target())
            .setKind(disk.kind())
            .setPath(disk.path())
            .setFormat(disk.format().word())
            .setVirtualSizeBytes(disk.virtualSizeBytes())
            .setAllocatedBytes(disk.allocatedBytes())
            .setWritable(disk.writable())
            .setShareable(disk.shareable());
    disk.backingFile().ifPresent(to::setBackingFile);
    disk.fingerprint().ifPresent(to::setFingerprint);
    return to.build();
  }

  /** A guest's facts from the wire, checked. */
  public static GuestFacts guest(GuestFactsMessage from) {
    return new GuestFacts(
        from.getName(),
        Checked.word(PowerState.class, from.getPowerState()),
        from.getPausedByOwner(),
        from.getVirtType(),
        from.getArchitecture(),
        from.getMachine(),
        from.getEmulator(),
        from.getHypervisorVersion(),
        from.getLibvirtVersion(),
        from.hasCpuXml() ? Optional.of(from.getCpuXml()) : Optional.empty(),
        from.getMemoryMib(),
        from.getUnevenMemory(),
        from.getVcpus(),
        Checked.atMost(Checked.MOST_DISKS, from.getDisksList(), "disks").stream()
            .map(FactsMapping::disk)
            .toList(),
        from.getImmovableList(),
        from.hasBusy() ? Optional.of(from.getBusy()) : Optional.empty(),
        from.getBridgesList(),
        from.getAutostart(),
        from.getManagedSave(),
        from.getBootFilesList(),
        LeasesMapping.leases(from.getLeases()));
  }

  private static GuestFacts.DiskFacts disk(DiskFactsMessage from) {
    return new GuestFacts.DiskFacts(
        from.getTarget(),
        from.getKind(),
        from.getPath(),
        PlanMapping.format(from.getFormat()),
        from.getVirtualSizeBytes(),
        from.getAllocatedBytes(),
        from.getWritable(),
        from.getShareable(),
        from.hasBackingFile() ? Optional.of(from.getBackingFile()) : Optional.empty(),
        from.hasFingerprint() ? Optional.of(from.getFingerprint()) : Optional.empty());
  }

  /** A candidate's facts for the wire. */
  public static DestinationFactsMessage message(DestinationFacts facts) {
    DestinationFactsMessage.Builder to =
        DestinationFactsMessage.newBuilder()
            .setHypervisorType(facts.hypervisorType())
            .setHypervisorVersion(facts.hypervisorVersion())
            .setLibvirtVersion(facts.libvirtVersion())
            .addAllVirtTypes(facts.virtTypes())
            .setMachineSupported(facts.machineSupported())
            .setCpu(facts.cpu().name())
            .setCpuDetail(facts.cpuDetail())
            .setFreeMemoryMib(facts.freeMemoryMib())
            .addAllSharedPaths(facts.sharedPaths())
            .putAllReadOnlyTrouble(facts.readOnlyTrouble())
            .addAllMissingBackingFiles(facts.missingBackingFiles())
            .addAllInTheWay(facts.inTheWay())
            .addAllMissingBridges(facts.missingBridges())
            .setNativeTls(facts.nativeTls())
            .setPlainPermitted(facts.plainPermitted())
            .setLockProven(facts.lockProven())
            .setLeases(LeasesMapping.message(facts.leases()))
            .setDestinationUri(facts.destinationUri())
            .setMigrateUri(facts.migrateUri());
    facts.roomByPath().forEach((path, room) -> to.putRoomByPath(path, room(room)));
    facts.domainInTheWay().ifPresent(to::setDomainInTheWay);
    return to.build();
  }

  /** A candidate's facts from the wire, checked. */
  public static DestinationFacts destination(DestinationFactsMessage from) {
    return new DestinationFacts(
        from.getHypervisorType(),
        from.getHypervisorVersion(),
        from.getLibvirtVersion(),
        from.getVirtTypesList(),
        from.getMachineSupported(),
        Checked.word(DestinationFacts.CpuVerdict.class, from.getCpu()),
        from.getCpuDetail(),
        from.getFreeMemoryMib(),
        from.getSharedPathsList(),
        rooms(from),
        from.getReadOnlyTroubleMap(),
        from.getMissingBackingFilesList(),
        from.getInTheWayList(),
        from.hasDomainInTheWay() ? Optional.of(from.getDomainInTheWay()) : Optional.empty(),
        from.getMissingBridgesList(),
        from.getNativeTls(),
        from.getPlainPermitted(),
        from.getLockProven(),
        LeasesMapping.leases(from.getLeases()),
        from.getDestinationUri(),
        from.getMigrateUri());
  }

  private static RoomMessage room(DestinationFacts.Room room) {
    return RoomMessage.newBuilder()
        .setFileSystem(room.fileSystem())
        .setFreeBytes(room.freeBytes())
        .build();
  }

  private static Map<String, DestinationFacts.Room> rooms(DestinationFactsMessage from) {
    Map<String, DestinationFacts.Room> rooms = new HashMap<>();
    from.getRoomByPathMap()
        .forEach((path, room) ->
            rooms.put(
                path,
                new DestinationFacts.Room(
                    room.getFileSystem(), Checked.notNegative(room.getFreeBytes(), "free_bytes"))));
    return rooms;
  }
}
