package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.ANOTHER;
import static dev.godwit.agent.file.Images.GUEST;
import static dev.godwit.agent.file.Images.H1;
import static dev.godwit.agent.file.Images.H2;
import static dev.godwit.agent.file.Images.MIB;
import static dev.godwit.agent.file.Images.MIGRATION;
import static dev.godwit.agent.file.Images.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFilesTest {
  private final ImageTool images = new ImageTool(new HostPrograms());
  @TempDir Path folder;

  private InstanceFiles on(HostName host) {
    return new InstanceFiles(host, images, OPEN);
  }

  private Path disk(String name) {
    return folder.resolve(GUEST.toString()).resolve(name);
  }

  private void make(HostName host, Path disk) {
    assertThat(on(host).makeNew(GUEST, disk, DiskFormat.QCOW2, MIB, Optional.empty())).isEmpty();
  }

  @Test
  void a_created_disk_becomes_the_instances_own() {
    Path disk = disk("vda.qcow2");
    make(H1, disk);
    assertThat(DiskMarker.of(disk)).contains(DiskMarker.beingCreated(GUEST, H1, true));
    on(H1).created(GUEST, List.of(disk));
    assertThat(DiskMarker.of(disk)).contains(DiskMarker.own(GUEST, true));
  }

  @Test
  void a_disk_that_would_cut_off_the_end_of_its_image_is_refused_and_not_made() {
    Path image = folder.resolve("image.raw");
    images.make(image, DiskFormat.RAW, 2 * MIB, Optional.empty());
    Optional<String> over = Optional.of(image.toString());
    assertThat(on(H1).makeNew(GUEST, disk("vda.qcow2"), DiskFormat.QCOW2, MIB, over))
        .hasValueSatisfying(refusal -> {
          assertThat(refusal.code()).isEqualTo("disk-smaller-than-image");
          assertThat(refusal.expected()).contains(image.toString(), "2 MiB");
        });
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(image));
    assertThat(on(H1).makeNew(GUEST, disk("vda.qcow2"), DiskFormat.QCOW2, 2 * MIB, over)).isEmpty();
    assertThat(on(H1).makeNew(GUEST, disk("vdb.qcow2"), DiskFormat.QCOW2, 0, over)).isEmpty();
    assertThat(images.describe(disk("vdb.qcow2"), DiskFormat.QCOW2).virtualSizeBytes())
        .as("the image's own size")
        .isEqualTo(2 * MIB);
  }

  @Test
  void what_an_interrupted_creation_left_is_made_anew() throws IOException {
    Path disk = disk("vda.qcow2");
    make(H1, disk);
    Files.writeString(disk, "half an image");
    make(H1, disk);
    assertThat(images.describe(disk, DiskFormat.QCOW2).virtualSizeBytes()).isEqualTo(MIB);
  }

  @Test
  void an_interrupted_creation_leaves_nothing_once_it_is_undone() {
    Path disk = disk("vda.qcow2");
    make(H1, disk);
    on(H1).removeUnfinished(GUEST, List.of(disk, disk("vdb.raw")));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_creation_on_another_host_refuses_and_never_removes_a_living_disk() {
    Path disk = disk("vda.qcow2");
    make(H1, disk);
    on(H1).created(GUEST, List.of(disk));
    assertThat(on(H2).makeNew(GUEST, disk, DiskFormat.QCOW2, MIB, Optional.empty()))
        .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo("disk-in-the-way"));
    on(H2).removeUnfinished(GUEST, List.of(disk));
    assertThat(disk).exists();
  }

  @Test
  void a_foreign_file_in_the_way_is_refused_and_untouched() throws IOException {
    Path disk = disk("vda.qcow2");
    Files.createDirectories(disk.getParent());
    Files.writeString(disk, "mine");
    assertThat(on(H1).makeNew(GUEST, disk, DiskFormat.QCOW2, MIB, Optional.empty())).isPresent();
    on(H1).removeUnfinished(GUEST, List.of(disk));
    assertThat(on(H1).removeOwn(GUEST, List.of(disk), List.of())).isEmpty();
    assertThat(disk).hasContent("mine");
  }

  @Test
  void a_link_that_leads_nowhere_is_in_the_way_too() throws IOException {
    Path disk = disk("vda.qcow2");
    Files.createDirectories(disk.getParent());
    Files.createSymbolicLink(disk, folder.resolve("elsewhere"));
    assertThat(on(H1).makeNew(GUEST, disk, DiskFormat.QCOW2, MIB, Optional.empty())).isPresent();
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void an_instances_disks_go_with_the_directory_that_was_made_for_them() {
    make(H1, disk("vda.qcow2"));
    make(H1, disk("vdb.qcow2"));
    on(H1).created(GUEST, List.of(disk("vda.qcow2"), disk("vdb.qcow2")));
    assertThat(on(H1).removeOwn(GUEST, List.of(disk("vda.qcow2"), disk("vdb.qcow2")), List.of()))
        .isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_foreign_file_keeps_the_directory() throws IOException {
    make(H1, disk("vda.qcow2"));
    on(H1).created(GUEST, List.of(disk("vda.qcow2")));
    Files.writeString(disk("notes.txt"), "mine");
    assertThat(on(H1).removeOwn(GUEST, List.of(disk("vda.qcow2")), List.of())).isEmpty();
    assertThat(disk("vda.qcow2")).doesNotExist();
    assertThat(disk("notes.txt")).hasContent("mine");
  }

  @Test
  void a_directory_that_a_crash_left_empty_goes_too() throws IOException {
    Files.createDirectories(disk("x").getParent());
    make(H1, disk("vda.qcow2"));
    on(H1).removeUnfinished(GUEST, List.of(disk("vda.qcow2")));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_disk_below_another_image_is_kept() {
    Path disk = disk("vda.qcow2");
    make(H1, disk);
    on(H1).created(GUEST, List.of(disk));
    Path middle = folder.resolve("middle.qcow2");
    Path top = folder.resolve("top.qcow2");
    images.make(middle, DiskFormat.QCOW2, MIB, Optional.of(disk.toString()));
    images.make(top, DiskFormat.QCOW2, MIB, Optional.of(middle.toString()));
    assertThat(on(H1).removeOwn(GUEST, List.of(disk), List.of(top)))
        .hasValueSatisfying(refusal -> assertThat(refusal.found()).contains("top.qcow2"));
    assertThat(disk).exists();
  }

  @Test
  void adopted_disks_are_marked_and_their_directory_stays() throws IOException {
    Path disk = Files.writeString(folder.resolve("a.raw"), "x");
    assertThat(on(H1).adopt(GUEST, List.of(disk), true)).isEmpty();
    assertThat(DiskMarker.of(disk)).contains(DiskMarker.own(GUEST, false));
    assertThat(on(H1).adopt(GUEST, List.of(disk), true)).isEmpty();
    assertThat(on(H1).removeOwn(GUEST, List.of(disk), List.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void an_adoption_that_is_refused_marks_nothing() throws IOException {
    Path mine = Files.writeString(folder.resolve("a.raw"), "x");
    Path foreign = Files.writeString(folder.resolve("b.raw"), "x");
    DiskMarker.own(ANOTHER, false).put(foreign);
    assertThat(on(H1).adopt(GUEST, List.of(mine, foreign), true))
        .hasValueSatisfying(refusal -> assertThat(refusal.found()).contains(ANOTHER.toString()));
    assertThat(DiskMarker.of(mine)).isEmpty();
  }

  @Test
  void a_link_is_not_adopted_for_it_could_never_be_removed() throws IOException {
    Path real = Files.writeString(folder.resolve("real.raw"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("a.raw"), real);
    assertThat(on(H1).adopt(GUEST, List.of(link), true))
        .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo("disk-link"));
    assertThat(DiskMarker.of(link)).isEmpty();
  }

  @Test
  void a_disk_that_a_migration_is_making_is_not_adopted_unless_its_guest_runs_on_it()
      throws IOException {
    Path disk = Files.writeString(folder.resolve("a.raw"), "x");
    DiskMarker.arriving(GUEST, MIGRATION, true).put(disk);
    assertThat(on(H1).adopt(GUEST, List.of(disk), false)).isPresent();
    assertThat(DiskMarker.of(disk)).contains(DiskMarker.arriving(GUEST, MIGRATION, true));
    assertThat(on(H1).adopt(ANOTHER, List.of(disk), true)).isPresent();
    assertThat(on(H1).adopt(GUEST, List.of(disk), true)).isEmpty();
    assertThat(DiskMarker.of(disk)).contains(DiskMarker.own(GUEST, true));
  }

  @Test
  void an_adoption_where_no_marker_can_be_put_marks_nothing() throws IOException {
    Path mine = Files.writeString(folder.resolve("a.raw"), "x");
    Path blocked = Files.writeString(folder.resolve("b.raw"), "x");
    Files.createDirectories(DiskMarker.unfinished(blocked));
    assertThatThrownBy(() -> on(H1).adopt(GUEST, List.of(mine, blocked), true))
        .isInstanceOf(FileTrouble.class);
    assertThat(DiskMarker.of(mine)).isEmpty();
  }
}
