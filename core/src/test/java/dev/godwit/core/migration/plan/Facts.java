package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.PowerState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A guest that may go to a host that takes it; tests change one fact at a time. */
final class Facts {
  static final String DISK = "/guests/1/vda";
  static final String SECOND_DISK = "/guests/1/vdb";
  static final String FILE_SYSTEM = "/dev/sda1 8:1";

  PowerState powerState = PowerState.RUNNING;
  boolean pausedByOwner;
  List<String> immovable = List.of();
  Optional<String> busy = Optional.empty();
  boolean managedSave;
  String kind = "file";
  boolean writable = true;
  boolean shareable;

  String virtType = "kvm";
  long sourceVersion = 7_002_000;
  List<String> virtTypes = List.of("kvm", "qemu");
  long version = 7_002_000;
  boolean machineSupported = true;
  CpuVerdict cpu = CpuVerdict.COMPATIBLE;
  String cpuDetail = "";
  long freeMemoryMib = 256;
  List<String> sharedPaths = List.of();
  long room = 4096;
  Map<String, Long> claimedBytes = Map.of();

  /** The file system of a second disk, vdb of 4096 bytes, if there is one. */
  Optional<String> secondOn = Optional.empty();

  Map<String, String> readOnlyTrouble = Map.of();
  List<String> missingBackingFiles = List.of();
  List<String> inTheWay = List.of();
  Optional<String> domainInTheWay = Optional.empty();
  List<String> missingBridges = List.of();
  boolean nativeTls = true;
  boolean plainPermitted;
  boolean lockProven;
  boolean unevenMemory;
  DiskLeases held = DiskLeases.UNKNOWN;
  DiskLeases refused = DiskLeases.UNKNOWN;

  GuestFacts guest() {
    return new GuestFacts(
        "web-1",
        powerState,
        pausedByOwner,
        virtType,
        "x86_64",
        "pc-q35-7.2",
        "/usr/bin/qemu-system-x86_64",
        sourceVersion,
        9_000_000,
        Optional.of("<cpu/>"),
        256,
        unevenMemory,
        1,
        secondOn.isPresent()
            ? List.of(disk("vda", DISK), disk("vdb", SECOND_DISK))
            : List.of(disk("vda", DISK)),
        immovable,
        busy,
        List.of("br0"),
        true,
        managedSave,
        List.of(),
        held);
  }

  private GuestFacts.DiskFacts disk(String target, String path) {
    return new GuestFacts.DiskFacts(
        target,
        kind,
        path,
        DiskFormat.QCOW2,
        1 << 20,
        4096,
        writable,
        shareable,
        Optional.empty(),
        Optional.empty());
  }

  DestinationFacts destination() {
    return new DestinationFacts(
        "QEMU",
        version,
        9_000_000,
        virtTypes,
        machineSupported,
        cpu,
        cpuDetail,
        freeMemoryMib,
        sharedPaths,
        secondOn
            .map(it -> Map.of(DISK, new Room(FILE_SYSTEM, room), SECOND_DISK, new Room(it, room)))
            .orElse(Map.of(DISK, new Room(FILE_SYSTEM, room))),
        readOnlyTrouble,
        missingBackingFiles,
        inTheWay,
        domainInTheWay,
        missingBridges,
        nativeTls,
        plainPermitted,
        lockProven,
        refused,
        "qemu+tls://host-b/system",
        "tcp:10.0.0.2");
  }
}
