package dev.godwit.agent.file;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.nio.file.Path;
import java.util.Optional;

/** Names and disks that the tests of this package share. */
final class Images {
  static final HostName H1 = new HostName("h1");
  static final HostName H2 = new HostName("h2");
  static final InstanceId GUEST = InstanceId.of("11111111-1111-4111-8111-111111111111");
  static final InstanceId ANOTHER = InstanceId.of("22222222-2222-4222-8222-222222222222");
  static final MigrationId MIGRATION = MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
  static final MigrationId LATER = MigrationId.of("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb");
  static final long MIB = 1L << 20;
  static final OpenFiles OPEN = new OpenFiles(Path.of("/proc"), Path.of("/sys"));

  private Images() {}

  static DiskMove copied(Path disk, DiskFormat format, long size, Optional<String> backing) {
    return new DiskMove("vda", disk.toString(), format, size, backing, true, DiskMove.Mode.COPIED);
  }

  static DiskMove copied(Path disk) {
    return copied(disk, DiskFormat.QCOW2, 8 * MIB, Optional.empty());
  }

  /** A disk as its instance's host has it: marked as its own. */
  static Path owned(Path folder, String name) {
    Path disk = folder.resolve(GUEST.toString()).resolve(name);
    boolean made = Places.makeDirectory(GUEST, disk);
    new ImageTool(new HostPrograms()).make(disk, DiskFormat.QCOW2, 8 * MIB, Optional.empty());
    DiskMarker.own(GUEST, made).put(disk);
    return disk;
  }

  static DiskMove nvram(Path file) {
    return new DiskMove(
        "nvram", file.toString(), DiskFormat.RAW, 0, Optional.empty(), true, DiskMove.Mode.NVRAM);
  }

  static DiskMove readOnly(Path disk) {
    return new DiskMove(
        "vdb",
        disk.toString(),
        DiskFormat.RAW,
        MIB,
        Optional.empty(),
        false,
        DiskMove.Mode.PRESENT);
  }
}
