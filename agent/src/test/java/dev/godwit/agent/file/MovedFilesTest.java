package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.ANOTHER;
import static dev.godwit.agent.file.Images.GUEST;
import static dev.godwit.agent.file.Images.MIB;
import static dev.godwit.agent.file.Images.MIGRATION;
import static dev.godwit.agent.file.Images.OPEN;
import static dev.godwit.agent.file.Images.copied;
import static dev.godwit.agent.file.Images.nvram;
import static dev.godwit.agent.file.Images.owned;
import static dev.godwit.agent.file.Images.readOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.DiskFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovedFilesTest {
  private final ImageTool images = new ImageTool(new HostPrograms());
  private final MovedFiles files = new MovedFiles(FileSystems.getDefault(), OPEN);
  @TempDir Path folder;

  @Test
  void the_sources_copy_goes_with_its_directory_and_a_repeat_finds_nothing() {
    Path disk = owned(folder, "vda.qcow2");
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of())).isEmpty();
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_removal_that_was_interrupted_is_finished() throws IOException {
    Path disk = owned(folder, "vda.qcow2");
    Files.delete(disk);
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shared_and_read_only_disks_stay_at_the_source() throws IOException {
    Path shared = owned(folder, "vda.qcow2");
    Path iso = Files.writeString(folder.resolve("install.iso"), "x");
    DiskMove move =
        new DiskMove(
            "vda",
            shared.toString(),
            DiskFormat.QCOW2,
            8 * MIB,
            Optional.empty(),
            true,
            DiskMove.Mode.SHARED);
    assertThat(files.remove(GUEST, List.of(move, readOnly(iso)), List.of())).isEmpty();
    assertThat(shared).exists();
    assertThat(iso).exists();
  }

  @Test
  void a_disk_that_carries_the_arriving_copys_mark_is_one_file_of_both_hosts_and_kept() {
    Path disk = owned(folder, "vda.qcow2");
    DiskMarker.arriving(GUEST, MIGRATION, true).put(disk);
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of())).isPresent();
    assertThat(disk).exists();
  }

  @Test
  void a_disk_without_a_marker_is_kept() throws IOException {
    Path disk = owned(folder, "vda.qcow2");
    Files.delete(DiskMarker.beside(disk));
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of())).isPresent();
    assertThat(disk).exists();
  }

  @Test
  void an_open_disk_is_kept() throws IOException {
    Path disk = owned(folder, "vda.qcow2");
    try (FileChannel open = FileChannel.open(disk)) {
      assertThat(files.remove(GUEST, List.of(copied(disk)), List.of()))
          .hasValueSatisfying(refusal -> assertThat(refusal.found()).contains("open"));
      assertThat(open.size()).isPositive();
    }
    assertThat(disk).exists();
  }

  @Test
  void a_disk_below_another_image_is_kept() {
    Path disk = owned(folder, "vda.qcow2");
    Path clone = folder.resolve("clone.qcow2");
    images.make(clone, DiskFormat.QCOW2, 8 * MIB, Optional.of(disk.toString()));
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of(clone))).isPresent();
    assertThat(disk).exists();
  }

  @Test
  void a_file_that_another_guest_has_too_is_kept() {
    Path disk = owned(folder, "vda.qcow2");
    assertThat(files.remove(GUEST, List.of(copied(disk)), List.of(disk))).isPresent();
    assertThat(disk).exists();
  }

  @Test
  void a_link_is_kept_with_what_it_leads_to() throws IOException {
    Path real = owned(folder, "real.qcow2");
    Path link = Files.createSymbolicLink(real.resolveSibling("vda.qcow2"), real);
    DiskMarker.own(GUEST, false).put(link);
    assertThat(files.remove(GUEST, List.of(copied(link)), List.of())).isPresent();
    assertThat(link).isSymbolicLink();
    assertThat(real).exists();
  }

  private Map<String, String> kept(Path disk, Path... others) {
    return files.kept(GUEST, List.of(copied(disk)), List.of(others));
  }

  @Test
  void what_would_be_kept_after_the_move_is_told_before_it() throws IOException {
    Path disk = owned(folder, "vda.qcow2");
    assertThat(kept(disk)).isEmpty();
    Path clone = folder.resolve("clone.qcow2");
    images.make(clone, DiskFormat.QCOW2, 8 * MIB, Optional.of(disk.toString()));
    assertThat(kept(disk, clone)).containsEntry("vda", clone + " lies over it");

    Path link = Files.createSymbolicLink(disk.resolveSibling("link.qcow2"), disk);
    DiskMarker.own(GUEST, false).put(link);
    assertThat(kept(link)).containsEntry("vda", "a symbolic link to " + disk);

    DiskMarker.own(ANOTHER, false).put(disk);
    assertThat(kept(disk)).containsEntry("vda", "the marker of instance " + ANOTHER);
    Files.delete(DiskMarker.beside(disk));
    assertThat(kept(disk)).containsEntry("vda", "no marker beside it");
  }

  @Test
  void a_disk_that_the_running_guest_has_open_is_not_called_kept() throws IOException {
    Path disk = owned(folder, "vda.qcow2");
    try (FileChannel open = FileChannel.open(disk)) {
      assertThat(kept(disk)).isEmpty();
      assertThat(open.size()).isPositive();
    }
  }

  @Test
  void firmware_variables_go_with_the_guest_they_were_marked_for() throws IOException {
    Path file = Files.writeString(folder.resolve("a_VARS.fd"), "x");
    assertThat(files.kept(GUEST, List.of(nvram(file)), List.of())).containsKey("nvram");
    assertThat(files.remove(GUEST, List.of(nvram(file)), List.of())).isPresent();
    assertThat(file).exists();

    DiskMarker.own(GUEST, false).put(file);
    assertThat(files.kept(GUEST, List.of(nvram(file)), List.of())).isEmpty();
    assertThat(files.remove(GUEST, List.of(nvram(file)), List.of())).isEmpty();
    assertThat(files.remove(GUEST, List.of(nvram(file)), List.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_disk_that_does_not_travel_needs_no_owner() throws IOException {
    Path iso = Files.writeString(folder.resolve("install.iso"), "x");
    assertThat(files.kept(GUEST, List.of(readOnly(iso)), List.of())).isEmpty();
  }
}
