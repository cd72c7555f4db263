package dev.godwit.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class AttributeContractTest {
  @TempDir Path real;
  private final Ground ground;
  private Path folder;
  private Path file;

  AttributeContractTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void ground() throws IOException {
    folder = ground.folder(real);
    file = Files.writeString(folder.resolve("file"), "bytes");
  }

  private String failure(Ground.Attempt attempt) {
    return Ground.failure(folder, attempt);
  }

  private static Object unix(Path path, String name, LinkOption... options) throws IOException {
    return Files.getAttribute(path, "unix:" + name, options);
  }

  @Test
  void device_and_inode_tell_files_apart() throws IOException {
    Path twin = Files.createLink(folder.resolve("twin"), file);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path other = Files.createFile(folder.resolve("other"));

    assertThat(unix(file, "ino")).isInstanceOf(Long.class).isEqualTo(unix(twin, "ino"));
    assertThat(unix(link, "ino")).isEqualTo(unix(file, "ino"));
    assertThat(unix(link, "ino", LinkOption.NOFOLLOW_LINKS)).isNotEqualTo(unix(file, "ino"));
    assertThat(unix(other, "ino")).isNotEqualTo(unix(file, "ino"));
    assertThat(unix(other, "dev")).isInstanceOf(Long.class).isEqualTo(unix(folder, "dev"));
    assertThat(unix(file, "nlink")).isEqualTo(2);
    assertThat(failure(() -> unix(folder.resolve("none"), "ino")))
        .isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> unix(file.resolve("none"), "ino")))
        .isEqualTo("NoSuchFileException: ~/file/none");
    assertThat(failure(() -> unix(file, "weight")))
        .isEqualTo("IllegalArgumentException: 'weight' not recognized");
    assertThat(failure(() -> Files.getAttribute(file, "dos:hidden2"))).isNotEqualTo("nothing");
  }

  @Test
  void a_file_moved_keeps_its_inode() throws IOException {
    Object inode = unix(file, "ino");

    assertThat(unix(Files.move(file, folder.resolve("moved")), "ino")).isEqualTo(inode);
  }

  @Test
  void a_mode_has_kind_and_permissions() throws IOException {
    Path secret =
        Files.createFile(
            folder.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(unix(secret, "mode")).isEqualTo(0100600);
    assertThat(unix(file, "mode")).isEqualTo(0100644);
    assertThat(unix(Files.createDirectory(folder.resolve("d")), "mode")).isEqualTo(040755);
    assertThat(unix(link, "mode", LinkOption.NOFOLLOW_LINKS)).isEqualTo(0120777);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(unix(file, "mode")).isEqualTo(0100750);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(Files.isExecutable(file)).isTrue();
    Files.setAttribute(file, "posix:permissions", PosixFilePermissions.fromString("r--------"));
    assertThat(Files.getAttribute(file, "posix:permissions"))
        .isEqualTo(PosixFilePermissions.fromString("r--------"));
  }

  @Test
  void basic_attributes_are_read_at_once() throws IOException {
    BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);

    assertThat(read.isRegularFile()).isTrue();
    assertThat(read.isDirectory()).isFalse();
    assertThat(read.isOther()).isFalse();
    assertThat(read.size()).isEqualTo(5);
    assertThat(read.fileKey())
        .isEqualTo(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    assertThat(Files.readAttributes(file, "size,isSymbolicLink"))
        .containsEntry("size", 5L)
        .containsEntry("isSymbolicLink", false)
        .hasSize(2);
    assertThat(Files.readAttributes(file, "*")).hasSize(9).containsEntry("isDirectory", false);
  }

  @Test
  void a_time_that_was_set_stays_until_the_next_write() throws IOException {
    FileTime then = FileTime.from(Instant.parse("2020-02-02T02:02:02.123456789Z"));

    assertThat(Files.getLastModifiedTime(Files.setLastModifiedTime(file, then))).isEqualTo(then);
    Files.move(file, folder.resolve("moved"));
    assertThat(Files.getLastModifiedTime(folder.resolve("moved"))).isEqualTo(then);
    Files.writeString(folder.resolve("moved"), "more");
    assertThat(Files.getLastModifiedTime(folder.resolve("moved"))).isGreaterThan(then);
    assertThat(failure(() -> Files.setLastModifiedTime(file, then)))
        .isEqualTo("NoSuchFileException: ~/file");
  }

  @Test
  void a_directory_changes_with_its_names() throws IOException {
    FileTime then = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));

    Files.setLastModifiedTime(folder, then);
    Files.writeString(file, "more");
    assertThat(Files.getLastModifiedTime(folder)).isEqualTo(then);
    Files.delete(file);
    assertThat(Files.getLastModifiedTime(folder)).isGreaterThan(then);
  }

  @Test
  void a_store_tells_its_room() throws IOException {
    FileStore store = Files.getFileStore(file);

    assertThat(store.getTotalSpace()).isGreaterThanOrEqualTo(store.getUsableSpace());
    assertThat(store.getUsableSpace()).isPositive();
    assertThat(store.name()).isNotEmpty();
    assertThat(store.isReadOnly()).isFalse();
    assertThat(store).isEqualTo(Files.getFileStore(folder));
    assertThat(store.supportsFileAttributeView("posix")).isTrue();
    assertThat(store.toString()).endsWith("(" + store.name() + ")");
    assertThat(failure(() -> Files.getFileStore(folder.resolve("none"))))
        .isEqualTo("NoSuchFileException: ~/none");
  }
}
