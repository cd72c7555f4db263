package dev.godwit.core.migration.plan;

import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.PowerState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A guest that may go to a host that takes it; tests change one fact at a time. */
final class Facts {
  static final String DISK = "/guests/1/vda";

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
  Map<String, String> readOnlyTrouble = Map.of();
  List<String> missingBackingFiles = List.of();
  List<String> inTheWay = List.of();
  Optional<String> domainInTheWay = Optional.empty();
  List<String> missingBridges = List.of();
  boolean nativeTls = true;
  boolean plainPermitted;
  boolean lockProven;
  boolean unevenMemory;

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
        List.of(
            new GuestFacts.DiskFacts(
                "vda",
                kind,
                DISK,
                DiskFormat.QCOW2,
                1 << 20,
                4096,
                writable,
                shareable,
                Optional.empty(),
                Optional.empty())),
        immovable,
        busy,
        List.of("br0"),
        true,
        managedSave,
        List.of());
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
        Map.of(DISK, room),
        readOnlyTrouble,
        missingBackingFiles,
        inTheWay,
        domainInTheWay,
        missingBridges,
        nativeTls,
        plainPermitted,
        lockProven,
        "qemu+tls://host-b/system",
        "tcp:10.0.0.2");
  }
}
