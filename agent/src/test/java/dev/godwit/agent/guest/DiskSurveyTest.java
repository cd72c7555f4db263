package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.file.DiskMarker;
import dev.godwit.agent.file.HostPrograms;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.file.OpenFiles;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.plan.GuestFacts.DiskFacts;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.ProofId;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSurveyTest {
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final InstanceId ANOTHER = InstanceId.of("22222222-2222-4222-8222-222222222222");
  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
  private static final long MIB = 1L << 20;

  private final ImageTool images = new ImageTool(new HostPrograms());
  private final Path folder;
  private final SharedProof proof;
  private final DiskSurvey survey;

  DiskSurveyTest(@TempDir Path folder, @TempDir Path notes) {
    this.folder = folder;
    this.proof = new SharedProof(FileSystems.getDefault(), notes, new MachineTempo());
    this.survey =
        new DiskSurvey(
            FileSystems.getDefault(),
            images,
            new MovingFiles(
                FileSystems.getDefault(), images, new OpenFiles(Path.of("/proc"), Path.of("/sys"))),
            proof);
  }

  private static GuestFacts guest(DiskFacts... disks) {
    return new GuestFacts(
        "a",
        PowerState.RUNNING,
        false,
        "qemu",
        "x86_64",
        "pc",
        "/usr/bin/qemu-system-x86_64",
        1,
        1,
        Optional.empty(),
        64,
        false,
        1,
        List.of(disks),
        List.of(),
        Optional.empty(),
        List.of(),
        false,
        false,
        List.of("/etc/os-release", "/no/such/kernel"),
        DiskLeases.UNKNOWN);
  }

  private DiskFacts disk(String name, boolean writable, long allocated, Optional<String> backing) {
    return new DiskFacts(
        name,
        "file",
        folder.resolve(name).toString(),
        DiskFormat.QCOW2,
        MIB,
        allocated,
        writable,
        false,
        backing,
        Optional.empty());
  }

  @Test
  void a_shared_disk_that_nobody_has_locked_is_not_called_guarded() {
    Path disk = folder.resolve("vda");
    images.make(disk, DiskFormat.QCOW2, MIB, Optional.empty());
    GuestFacts guest = guest(disk("vda", true, MIB, Optional.empty()));

    assertThat(survey.locked(guest, List.of(disk.toString()))).isFalse();
    assertThat(survey.locked(guest, List.of())).isFalse();
  }

  @Test
  void a_file_system_has_one_name_for_all_paths_on_it_and_its_free_room() throws IOException {
    DiskFacts here = disk("vda", true, MIB, Optional.empty());
    DiskFacts below = disk("not/there/yet/vdb", true, MIB, Optional.empty());
    DiskFacts elsewhere =
        new DiskFacts(
            "vdc",
            "file",
            "/proc/vdc",
            DiskFormat.RAW,
            MIB,
            MIB,
            true,
            false,
            Optional.empty(),
            Optional.empty());

    Map<String, Room> rooms = survey.room(guest(here, below, elsewhere));

    Room room = Optional.ofNullable(rooms.get(here.path())).orElseThrow();
    assertThat(rooms.get(below.path())).extracting(Room::fileSystem).isEqualTo(room.fileSystem());
    assertThat(rooms.get("/proc/vdc"))
        .extracting(Room::fileSystem)
        .asString()
        .startsWith("proc ")
        .isNotEqualTo(room.fileSystem());
    // Others use this file system too, so only about.
    long free = Files.getFileStore(folder).getUsableSpace();
    assertThat(room.freeBytes()).isBetween(free - 1024 * MIB, free + 1024 * MIB);
    ProcessBuilder stat = new ProcessBuilder("stat", "-c", "%Hd:%Ld", folder.toString());
    assertThat(room.fileSystem())
        .endsWith(
            " "
                + new String(stat.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip());
  }

  @Test
  void every_layer_below_a_disk_has_to_be_here() throws IOException {
    Path base = folder.resolve("base.qcow2");
    Path middle = folder.resolve("middle.qcow2");
    images.make(base, DiskFormat.QCOW2, MIB, Optional.empty());
    images.make(middle, DiskFormat.QCOW2, MIB, Optional.of(base.toString()));
    GuestFacts guest = guest(disk("vda", true, 0, Optional.of(middle.toString())));
    assertThat(survey.missing(guest)).isEmpty();
    Files.delete(base);
    assertThat(survey.missing(guest)).containsExactly(base.toString());
    Files.delete(middle);
    assertThat(survey.missing(guest)).containsExactly(middle.toString());
  }

  @Test
  void a_kernel_or_firmware_that_is_not_here_is_missing() {
    assertThat(survey.missingBootFiles(guest())).containsExactly("/no/such/kernel");
  }

  @Test
  void an_image_below_a_disk_that_is_another_one_here_is_missing() throws IOException {
    Path base = folder.resolve("base.raw");
    Files.write(base, new byte[3 << 20]);
    DiskFacts above =
        new DiskFacts(
            "vda",
            "file",
            folder.resolve("vda").toString(),
            DiskFormat.QCOW2,
            MIB,
            0,
            true,
            false,
            Optional.of(base.toString()),
            Optional.of(images.chain(base).fingerprint()));
    assertThat(survey.missing(guest(above))).isEmpty();
    byte[] rebuilt = new byte[3 << 20];
    rebuilt[rebuilt.length - 1] = 1;
    Files.write(base, rebuilt);
    assertThat(survey.missing(guest(above))).containsExactly(base + " (here with another content)");
  }

  private DiskFacts readOnly(String kind, Path path, Optional<String> fingerprint) {
    return new DiskFacts(
        "sda",
        kind,
        path.toString(),
        DiskFormat.RAW,
        3 * MIB,
        0,
        false,
        false,
        Optional.empty(),
        fingerprint);
  }

  @Test
  void a_read_only_disk_has_to_be_here_with_the_same_content() throws IOException {
    Path iso = folder.resolve("install.iso");
    Files.write(iso, new byte[3 << 20]);
    String there = images.chain(iso).fingerprint();
    for (String kind : List.of("file", "block")) {
      GuestFacts guest = guest(readOnly(kind, iso, Optional.of(there)));
      Files.write(iso, new byte[3 << 20]);
      assertThat(survey.readOnlyTrouble(guest, List.of())).isEmpty();
      byte[] another = new byte[3 << 20];
      another[0] = 1;
      Files.write(iso, another);
      assertThat(survey.readOnlyTrouble(guest, List.of()))
          .containsExactly(Map.entry(iso.toString(), "it has another content"));
      assertThat(survey.readOnlyTrouble(guest, List.of(iso.toString()))).isEmpty();
      Files.delete(iso);
      assertThat(survey.readOnlyTrouble(guest, List.of()))
          .containsExactly(Map.entry(iso.toString(), "it is missing"));
      assertThat(survey.inTheWay(INSTANCE, guest, List.of())).isEmpty();
    }
  }

  @Test
  void an_empty_drive_has_only_to_be_here() {
    assertThat(
            survey.readOnlyTrouble(
                guest(readOnly("block", Path.of("/dev/null"), Optional.empty())), List.of()))
        .isEmpty();
  }

  @Test
  void what_stands_where_a_disk_would_be_copied_to_is_named_with_its_owner() throws IOException {
    DiskFacts disk = disk("vda.qcow2", true, 0, Optional.empty());
    Path path = Path.of(disk.path());
    assertThat(survey.inTheWay(INSTANCE, guest(disk), List.of())).isEmpty();
    Files.writeString(path, "x");
    assertThat(survey.inTheWay(INSTANCE, guest(disk), List.of()))
        .containsExactly(path + " (a file that is not ours)");
    DiskMarker.own(ANOTHER, false).put(path);
    assertThat(survey.inTheWay(INSTANCE, guest(disk), List.of()))
        .containsExactly(path + " (the disk of instance " + ANOTHER + ")");
    assertThat(survey.inTheWay(INSTANCE, guest(disk), List.of(disk.path()))).isEmpty();
  }

  @Test
  void a_disk_is_shared_only_with_the_others_proof_beside_it() throws IOException {
    DiskFacts disk = disk("vda.qcow2", true, 0, Optional.empty());
    Files.writeString(Path.of(disk.path()), "x");
    ProofId id = new ProofId(MIGRATION, new Epoch(1));
    assertThat(survey.shared(id, guest(disk))).isEmpty();
    proof.write(id, List.of(disk.path()));
    assertThat(survey.shared(id, guest(disk))).containsExactly(disk.path());
  }
}
