package dev.godwit.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final long ROOM = 1 << 20;

  private final Disk own = new Disk("/dev/vda", 1, ROOM, Clock.systemUTC());
  private final Disk shared = new Disk("nas:/instances", 2, ROOM / 2, Clock.systemUTC());
  private final Disk inner = new Disk("tmpfs", 3, ROOM, Clock.systemUTC());
  private final MountTable mounts = new MountTable(own);
  private final Path root = mounts.process().getPath("/");

  private static String failure(Ground.Attempt attempt) {
    return Ground.failure(Path.of("~"), attempt);
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }

  @Test
  void a_shared_disk_is_one_for_all_its_hosts() throws IOException {
    mounts.mount("/var/lib/instances", shared);
    MountTable other = new MountTable(new Disk("/dev/vda", 4, ROOM, Clock.systemUTC()));
    other.mount("/mnt/instances", shared);
    Path here = Files.writeString(root.resolve("var/lib/instances/disk"), "bytes");
    Path there = other.process().getPath("/mnt/instances/disk");

    assertThat(there).hasContent("bytes");
    assertThat(Files.getAttribute(there, "unix:ino"))
        .isEqualTo(Files.getAttribute(here, "unix:ino"));
    assertThat(device(there)).isEqualTo(device(here)).isEqualTo(2L);
    assertThat(device(root)).isEqualTo(1L);
    Files.delete(there);
    assertThat(here).doesNotExist();
  }

  @Test
  void a_disk_covers_what_was_in_its_directory() throws IOException {
    Path point = Files.createDirectories(root.resolve("mnt"));
    Files.createFile(point.resolve("below"));
    mounts.mount("/mnt", shared);
    mounts.mount("/mnt/run/x", inner);
    Files.createFile(point.resolve("run/x/file"));

    assertThat(point.resolve("below")).doesNotExist();
    assertThat(device(point.resolve("run"))).isEqualTo(2L);
    assertThat(device(point.resolve("run/x"))).isEqualTo(3L);
    assertThat(point.resolve("run/x/../../run/x/file").toRealPath())
        .isEqualTo(point.resolve("run/x/file"));
    assertThat(Files.getFileStore(point.resolve("run/x/file"))).hasToString("/mnt/run/x (tmpfs)");
    assertThat(Files.getFileStore(point).getTotalSpace()).isEqualTo(ROOM / 2);
    assertThat(Files.getFileStore(root.resolve("mnt/..")).name()).isEqualTo("/dev/vda");
    assertThat(mounts.process().getFileStores()).hasSize(3);
  }

  @Test
  void a_mounted_directory_is_busy() throws IOException {
    mounts.mount("/mnt", shared);

    assertThat(failure(() -> Files.delete(root.resolve("mnt"))))
        .isEqualTo("FileSystemException: /mnt: Device or resource busy");
    assertThat(failure(() -> Files.move(root.resolve("mnt"), root.resolve("x"))))
        .contains("Device or resource busy");
    assertThat(failure(() -> Files.delete(root))).contains("Device or resource busy");
  }

  @Test
  void nothing_is_renamed_or_linked_between_disks() throws IOException {
    mounts.mount("/mnt", shared);
    Path file = Files.writeString(root.resolve("file"), "bytes");
    Path target = root.resolve("mnt/file");

    assertThat(failure(() -> Files.move(file, target, StandardCopyOption.ATOMIC_MOVE)))
        .isEqualTo(
            "AtomicMoveNotSupportedException: /file -> /mnt/file: Invalid cross-device link");
    assertThat(failure(() -> Files.createLink(target, file)))
        .isEqualTo("FileSystemException: /mnt/file -> /file: Invalid cross-device link");
    Files.move(file, target);
    assertThat(target).hasContent("bytes");
    assertThat(file).doesNotExist();
    assertThat(own.usedBytes()).isZero();
    Files.createFile(Files.createDirectory(root.resolve("full")).resolve("x"));
    assertThat(failure(() -> Files.move(root.resolve("full"), root.resolve("mnt/full"))))
        .isEqualTo("DirectoryNotEmptyException: /full");
  }

  @Test
  void a_move_to_a_full_disk_leaves_the_file_where_it_is() throws IOException {
    mounts.mount("/mnt", shared);
    shared.fill();
    Path file = Files.writeString(root.resolve("file"), "bytes");

    assertThat(failure(() -> Files.move(file, root.resolve("mnt/file"))))
        .isEqualTo("FileSystemException: /file -> /mnt/file: No space left on device");
    assertThat(file).hasContent("bytes");
    assertThat(root.resolve("mnt/file")).doesNotExist();
  }

  @Test
  void only_a_directory_is_mounted_on() throws IOException {
    Files.createFile(root.resolve("file"));

    assertThatThrownBy(() -> mounts.mount("/file", shared))
        .hasMessage("/file: expected a directory to mount on, found another file at file");
    assertThatThrownBy(() -> mounts.mount("mnt", shared))
        .hasMessage("expected an absolute path below /, found mnt");
  }
}
