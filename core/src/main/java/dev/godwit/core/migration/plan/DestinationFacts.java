package dev.godwit.core.migration.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A candidate host as its agent describes it for one guest.
 *
 * @param cpu what libvirt said of the running guest's CPU on this hypervisor
 * @param cpuDetail libvirt's text when it is incompatible
 * @param machineSupported this hypervisor knows the guest's machine type
 * @param sharedPaths disk paths whose directory showed the marker that the source wrote just now
 * @param roomByPath the file system of each disk path's directory
 * @param readOnlyTrouble why a read-only disk that is not shared is not the same here, by path
 * @param missingBackingFiles backing files that are not there
 * @param inTheWay paths that exist here although they should not, with whose they are
 * @param domainInTheWay a domain here with the guest's name or UUID, with whose it is
 * @param lockProven every shared disk that the guest writes was tried here and refused by the lock
 *     that its QEMU holds at the source
 * @param leases of its disks, each tried here and refused by the lock that libvirt's lock manager
 *     holds at the source
 * @param destinationUri libvirt URI of this host, as others reach it
 * @param migrateUri where its QEMU listens for the move
 */
public record DestinationFacts(
    String hypervisorType,
    long hypervisorVersion,
    long libvirtVersion,
    List<String> virtTypes,
    boolean machineSupported,
    CpuVerdict cpu,
    String cpuDetail,
    long freeMemoryMib,
    List<String> sharedPaths,
    Map<String, Room> roomByPath,
    Map<String, String> readOnlyTrouble,
    List<String> missingBackingFiles,
    List<String> inTheWay,
    Optional<String> domainInTheWay,
    List<String> missingBridges,
    boolean nativeTls,
    boolean plainPermitted,
    boolean lockProven,
    DiskLeases leases,
    String destinationUri,
    String migrateUri) {

  /**
   * A file system of the candidate.
   *
   * @param fileSystem its name there, the same for every path on it
   * @param freeBytes for all of them together
   */
  public record Room(String fileSystem, long freeBytes) {}

  /** libvirt's answer to a hypervisor CPU comparison. */
  public enum CpuVerdict {
    COMPATIBLE,
    INCOMPATIBLE,
    /** libvirt cannot compare here; the move itself checks again. */
    NOT_COMPARABLE
  }

  public DestinationFacts {
    virtTypes = List.copyOf(virtTypes);
    sharedPaths = List.copyOf(sharedPaths);
    roomByPath = Map.copyOf(roomByPath);
    readOnlyTrouble = Map.copyOf(readOnlyTrouble);
    missingBackingFiles = List.copyOf(missingBackingFiles);
    inTheWay = List.copyOf(inTheWay);
    missingBridges = List.copyOf(missingBridges);
  }
}
