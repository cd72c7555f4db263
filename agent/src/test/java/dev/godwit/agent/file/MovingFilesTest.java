package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.ANOTHER;
import static dev.godwit.agent.file.Images.GUEST;
import static dev.godwit.agent.file.Images.LATER;
import static dev.godwit.agent.file.Images.MIB;
import static dev.godwit.agent.file.Images.MIGRATION;
import static dev.godwit.agent.file.Images.OPEN;
import static dev.godwit.agent.file.Images.copied;
import static dev.godwit.agent.file.Images.nvram;
import static dev.godwit.agent.file.Images.owned;
import static dev.godwit.agent.file.Images.readOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.DiskFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovingFilesTest {
  private final ImageTool images = new ImageTool(new HostPrograms());
  private final MovingFiles files = new MovingFiles(FileSystems.getDefault(), images, OPEN);
  @TempDir Path folder;

  private Path disk(String name) {
    return folder.resolve(GUEST.toString()).resolve(name);
  }

  private void prepare(DiskMove... disks) {
    assertThat(files.reserve(GUEST, MIGRATION, List.of(disks))).isEmpty();
    assertThat(files.makeTargets(MIGRATION, List.of(disks))).isEmpty();
  }

  @Test
  void targets_have_the_guests_size_and_the_same_image_below() {
    Path base = folder.resolve("base.qcow2");
    images.make(base, DiskFormat.QCOW2, 4 * MIB, Optional.empty());
    DiskMove layered =
        copied(disk("vda.qcow2"), DiskFormat.QCOW2, 8 * MIB, Optional.of(base.toString()));
    DiskMove raw = copied(disk("vdb.raw"), DiskFormat.RAW, 3 * MIB, Optional.empty());
    prepare(layered, raw);
    ImageTool.Image top = images.describe(disk("vda.qcow2"), DiskFormat.QCOW2);
    assertThat(top.virtualSizeBytes()).isEqualTo(8 * MIB);
    assertThat(top.backingFile()).contains(base.toString());
    assertThat(disk("vdb.raw")).hasSize(3 * MIB);
  }

  @Test
  void a_marker_that_cannot_be_written_leaves_nothing() {
    DiskMove longName = copied(disk("v".repeat(246)));
    assertThatThrownBy(() -> files.reserve(GUEST, MIGRATION, List.of(longName)))
        .isInstanceOf(FileTrouble.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_marker_that_was_half_written_goes_with_its_directory() throws IOException {
    Path half = disk("vda.qcow2.godwit.new");
    Files.createDirectories(half.getParent());
    Files.writeString(half, "{");
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(folder).isEmptyDirectory();
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isEmpty();
  }

  @Test
  void a_repeat_keeps_the_targets() throws IOException {
    prepare(copied(disk("vda.qcow2")));
    Object inode = Files.getAttribute(disk("vda.qcow2"), "unix:ino");
    prepare(copied(disk("vda.qcow2")));
    assertThat(Files.getAttribute(disk("vda.qcow2"), "unix:ino")).isEqualTo(inode);
  }

  @Test
  void half_a_target_is_made_anew() throws IOException {
    prepare(copied(disk("vda.qcow2")));
    Files.writeString(disk("vda.qcow2"), "half");
    prepare(copied(disk("vda.qcow2")));
    assertThat(images.describe(disk("vda.qcow2"), DiskFormat.QCOW2).virtualSizeBytes())
        .isEqualTo(8 * MIB);
  }

  @Test
  void a_read_only_disk_is_expected_there_and_never_made_empty() throws IOException {
    Path iso = folder.resolve("install.iso");
    DiskMove move = readOnly(iso);
    assertThat(files.reserve(GUEST, MIGRATION, List.of(move)))
        .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo("disk-missing"));
    Files.writeString(iso, "the same image");
    prepare(move);
    assertThat(iso).hasContent("the same image");
    assertThat(files.removeTargets(MIGRATION, List.of(move))).isEmpty();
    assertThat(iso).exists();
  }

  @Test
  void what_a_dead_migration_left_is_taken_over() {
    prepare(copied(disk("vda.qcow2")));
    assertThat(files.reserve(GUEST, LATER, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(disk("vda.qcow2")).doesNotExist();
    assertThat(files.makeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isPresent();
    assertThat(files.makeTargets(LATER, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(files.removeTargets(LATER, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void half_a_copy_in_a_directory_that_a_dead_migration_made_goes_with_the_next_one()
      throws IOException {
    prepare(copied(disk("vda.qcow2")), copied(disk("vdb.qcow2")));
    Files.writeString(disk("vda.qcow2"), "half a copy");
    Files.delete(disk("vdb.qcow2"));
    List<DiskMove> disks = List.of(copied(disk("vda.qcow2")), copied(disk("vdb.qcow2")));

    assertThat(files.reserve(GUEST, LATER, disks)).isEmpty();
    assertThat(disk("vda.qcow2")).doesNotExist();
    // A late order of the dead one finds nothing of its own.
    assertThat(files.removeTargets(MIGRATION, disks)).isEmpty();
    assertThat(files.makeTargets(LATER, disks)).isEmpty();
    assertThat(images.describe(disk("vda.qcow2"), DiskFormat.QCOW2).virtualSizeBytes())
        .isEqualTo(8 * MIB);

    assertThat(files.removeTargets(LATER, disks)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_file_that_nobody_marked_is_refused_and_untouched_beside_what_is_ours() throws IOException {
    prepare(copied(disk("vda.qcow2")));
    Files.writeString(disk("vdb.qcow2"), "somebody's");
    List<DiskMove> disks = List.of(copied(disk("vda.qcow2")), copied(disk("vdb.qcow2")));

    assertThat(files.reserve(GUEST, LATER, disks))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.code()).isEqualTo("disk-in-the-way");
          assertThat(refusal.subject()).isEqualTo(disk("vdb.qcow2").toString());
        });
    assertThat(files.removeTargets(LATER, disks)).isEmpty();

    assertThat(disk("vdb.qcow2")).hasContent("somebody's");
    assertThat(DiskMarker.beside(disk("vdb.qcow2"))).doesNotExist();
    assertThat(folder.resolve(GUEST.toString()).toFile().list()).containsExactly("vdb.qcow2");
  }

  @Test
  void an_open_file_is_never_taken_over() throws IOException {
    prepare(copied(disk("vda.qcow2")));
    try (FileChannel open = FileChannel.open(disk("vda.qcow2"))) {
      assertThat(files.reserve(GUEST, LATER, List.of(copied(disk("vda.qcow2"))))).isPresent();
      assertThat(open.size()).isPositive();
    }
    assertThat(disk("vda.qcow2")).exists();
  }

  @Test
  void another_instances_disk_in_the_way_is_refused_and_untouched() throws IOException {
    Path disk = disk("vda.qcow2");
    Files.createDirectories(disk.getParent());
    Files.writeString(disk, "theirs");
    DiskMarker.own(ANOTHER, false).put(disk);
    assertThat(files.reserve(GUEST, MIGRATION, List.of(copied(disk)))).isPresent();
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk)))).isEmpty();
    assertThat(disk).hasContent("theirs");
  }

  @Test
  void the_instances_own_disk_in_the_way_is_refused_and_untouched() {
    Path disk = owned(folder, "vda.qcow2");
    assertThat(files.reserve(GUEST, MIGRATION, List.of(copied(disk)))).isPresent();
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk)))).isEmpty();
    assertThat(disk).exists();
  }

  @Test
  void a_roll_back_leaves_nothing_but_foreign_files() throws IOException {
    prepare(copied(disk("vda.qcow2")), copied(disk("vdb.qcow2")));
    Files.writeString(DiskMarker.unfinished(disk("vda.qcow2")), "left by a crash");
    Files.writeString(disk("notes.txt"), "mine");
    List<DiskMove> disks = List.of(copied(disk("vda.qcow2")), copied(disk("vdb.qcow2")));
    assertThat(files.removeTargets(MIGRATION, disks)).isEmpty();
    assertThat(files.removeTargets(MIGRATION, disks)).isEmpty();
    assertThat(folder.resolve(GUEST.toString()).toFile().list()).containsExactly("notes.txt");
  }

  @Test
  void a_full_directory_is_told_as_long_as_its_targets_are_there() {
    DiskMove move = copied(disk("vda.qcow2"));
    assertThat(files.full(MIGRATION, List.of(move), Long.MAX_VALUE)).isEmpty();
    prepare(move);
    assertThat(files.full(MIGRATION, List.of(move), 0)).isEmpty();
    assertThat(files.full(LATER, List.of(move), Long.MAX_VALUE)).isEmpty();
    assertThat(files.full(MIGRATION, List.of(move), Long.MAX_VALUE))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.code()).isEqualTo("destination-full");
          assertThat(refusal.subject()).isEqualTo(Places.parent(disk("vda.qcow2")).toString());
          assertThat(refusal.found())
              .matches(
                  "the destination's /.* with only \\d+ MiB free, which may be why the copy failed");
        });
  }

  @Test
  void firmware_variables_that_libvirt_made_go_with_a_roll_back_and_the_directory_stays()
      throws IOException {
    Path file = folder.resolve("a_VARS.fd");
    prepare(nvram(file));
    assertThat(file).doesNotExist();
    Files.writeString(file, "made by libvirt as the guest arrived");
    assertThat(files.removeTargets(MIGRATION, List.of(nvram(file)))).isEmpty();
    assertThat(files.removeTargets(MIGRATION, List.of(nvram(file)))).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void firmware_variables_of_somebody_else_are_in_the_way_and_stay() throws IOException {
    Path file = Files.writeString(folder.resolve("a_VARS.fd"), "not ours");
    assertThat(files.reserve(GUEST, MIGRATION, List.of(nvram(file)))).isPresent();
    assertThat(files.removeTargets(MIGRATION, List.of(nvram(file)))).isEmpty();
    assertThat(file).hasContent("not ours");
  }

  @Test
  void an_open_target_is_not_removed_yet() throws IOException {
    prepare(copied(disk("vda.qcow2")));
    try (FileChannel open = FileChannel.open(disk("vda.qcow2"))) {
      assertThat(files.removeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isPresent();
      assertThat(open.size()).isPositive();
    }
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void after_the_move_the_copy_is_the_instances_own_and_no_longer_the_migrations() {
    prepare(copied(disk("vda.qcow2")));
    files.own(GUEST, MIGRATION, List.of(copied(disk("vda.qcow2"))));
    assertThat(DiskMarker.of(disk("vda.qcow2"))).contains(DiskMarker.own(GUEST, true));
    assertThat(files.removeTargets(MIGRATION, List.of(copied(disk("vda.qcow2"))))).isEmpty();
    assertThat(disk("vda.qcow2")).exists();
  }
}
