package dev.godwit.core.migration.plan;

import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.PowerState;
import java.util.List;
import java.util.Optional;

/**
 * A guest as its host's agent describes it for the pre-checks.
 *
 * @param hypervisorVersion major·1000000 + minor·1000 + micro
 * @param cpuXml the running guest's CPU, from its migratable definition; empty when it has none
 * @param unevenMemory true when its memory is no multiple of 256 KiB, as only QEMU's own options
 *     make it; such memory moves whole in every QEMU
 * @param immovable devices that cannot move, in libvirt's words
 * @param busy a block job, snapshot, backup or foreign job that runs now
 * @param bridges host bridges that its network cards use
 * @param bootFiles kernel, initrd and firmware that QEMU reads from the host when it starts
 * @param leases of its disks, held now
 */
public record GuestFacts(
    String name,
    PowerState powerState,
    boolean pausedByOwner,
    String virtType,
    String architecture,
    String machine,
    String emulator,
    long hypervisorVersion,
    long libvirtVersion,
    Optional<String> cpuXml,
    long memoryMib,
    boolean unevenMemory,
    int vcpus,
    List<DiskFacts> disks,
    List<String> immovable,
    Optional<String> busy,
    List<String> bridges,
    boolean autostart,
    boolean managedSave,
    List<String> bootFiles,
    DiskLeases leases) {

  /** The first QEMU that moves an emulated guest's memory whole whatever its size. */
  public static final long EVEN_MEMORY_MOVES_WHOLE = 9_000_000;

  /** The kind of the file with the firmware's variables, which is a disk to QEMU. */
  public static final String NVRAM = "nvram";

  /**
   * One disk of the guest.
   *
   * @param path absolute path of the active image; for a network disk its name
   * @param kind libvirt's type: file, block, network …; or {@link #NVRAM}
   * @param allocatedBytes what it takes on the file system
   * @param backingFile path of the image below it
   * @param fingerprint tells what the guest only reads, the images below a disk or a read-only disk
   *     as a whole, from others of the same names
   */
  public record DiskFacts(
      String target,
      String kind,
      String path,
      DiskFormat format,
      long virtualSizeBytes,
      long allocatedBytes,
      boolean writable,
      boolean shareable,
      Optional<String> backingFile,
      Optional<String> fingerprint) {
    /** True when it is at a path of its host that a move knows how to deal with. */
    public boolean local() {
      return kind.equals("file") || (kind.equals("block") && !writable);
    }

    /** True for the file with the firmware's variables. */
    public boolean nvram() {
      return kind.equals(NVRAM);
    }

    /** True when it is read over the network, wherever the guest runs. */
    public boolean readOverNetwork() {
      return kind.equals("network") && !writable;
    }
  }

  public GuestFacts {
    disks = List.copyOf(disks);
    immovable = List.copyOf(immovable);
    bridges = List.copyOf(bridges);
    bootFiles = List.copyOf(bootFiles);
  }
}
