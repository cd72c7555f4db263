package dev.godwit.simulation.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class DiskTest {
  private static final int BLOCK = 4096;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Disk disk = new Disk("/dev/vda", 1, 10 * BLOCK, Clock.fixed(NOW, ZoneOffset.UTC));
  private final SimulatedFileSystem process = new MountTable(disk).process();
  private final Path file = process.getPath("/file");

  private static String failure(Ground.Attempt attempt) {
    return Ground.failure(Path.of("~"), attempt);
  }

  private static byte[] blocks(int count) {
    byte[] bytes = new byte[count * BLOCK];
    bytes[0] = 1;
    return bytes;
  }

  @Test
  void room_is_counted_in_blocks() throws IOException {
    Files.write(file, new byte[BLOCK + 1]);
    assertThat(disk.usedBytes()).isEqualTo(2 * BLOCK);
    Files.write(file, new byte[1]);
    assertThat(disk.usedBytes()).isEqualTo(BLOCK);
    assertThat(Files.getFileStore(file).getUsableSpace()).isEqualTo(9 * BLOCK);
    Files.delete(file);
    assertThat(disk.usedBytes()).isZero();
  }

  @Test
  void holes_take_no_room() throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 1L << 40);
    }
    assertThat(Files.size(file)).isEqualTo((1L << 40) + 1);
    assertThat(process.weightBytes(file)).isEqualTo(BLOCK);
  }

  @Test
  void a_write_takes_what_is_left_and_then_fails() throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      ByteBuffer much = ByteBuffer.wrap(blocks(11));

      assertThat(channel.write(much)).isEqualTo(10 * BLOCK);
      assertThat(failure(() -> channel.write(much)))
          .isEqualTo("IOException: No space left on device");
      assertThat(channel.position()).isEqualTo(10 * BLOCK);
      assertThat(channel.write(ByteBuffer.wrap(blocks(1)), 0)).isEqualTo(BLOCK);
    }
    assertThat(failure(() -> Files.writeString(process.getPath("/more"), "x")))
        .isEqualTo("IOException: No space left on device");
    assertThat(process.getPath("/more")).isEmptyFile();
  }

  @Test
  void what_is_removed_from_a_full_disk_is_room_again() throws IOException {
    Files.write(file, blocks(2));
    disk.fill();
    assertThat(disk.usableBytes()).isZero();
    assertThat(failure(() -> Files.write(process.getPath("/more"), blocks(1))))
        .isEqualTo("IOException: No space left on device");
    Files.delete(file);
    assertThat(disk.usableBytes()).isEqualTo(2 * BLOCK);
    disk.makeRoom();
    assertThat(disk.usableBytes()).isEqualTo(10 * BLOCK);
  }

  @Test
  void an_open_file_keeps_its_room_when_it_is_removed() throws IOException {
    Files.write(file, blocks(2));
    try (FileChannel first = FileChannel.open(file);
        FileChannel second = FileChannel.open(file, WRITE)) {
      Files.delete(file);
      second.write(ByteBuffer.wrap(blocks(3)));

      assertThat(disk.usedBytes()).isEqualTo(3 * BLOCK);
      assertThat(first.size()).isEqualTo(3 * BLOCK);
    }
    assertThat(disk.usedBytes()).isZero();
  }

  @Test
  void a_replaced_file_gives_its_room_back() throws IOException {
    Files.write(file, blocks(3));
    Path twin = Files.createLink(process.getPath("/twin"), file);
    Files.move(Files.write(process.getPath("/new"), blocks(1)), twin, ATOMIC_MOVE);
    assertThat(disk.usedBytes()).isEqualTo(4 * BLOCK);
    Files.move(twin, file, ATOMIC_MOVE);
    assertThat(disk.usedBytes()).isEqualTo(BLOCK);
  }

  @Test
  void a_guests_disk_grows_until_the_disk_is_full() throws IOException {
    Files.write(file, blocks(1));
    process.grow(file, 5 * BLOCK);

    assertThat(process.weightBytes(file)).isEqualTo(6 * BLOCK);
    assertThat(Files.size(file)).isEqualTo(BLOCK);
    assertThat(failure(() -> process.grow(file, 5 * BLOCK)))
        .isEqualTo("FileSystemException: /file: No space left on device");
    Files.delete(file);
    assertThat(disk.usedBytes()).isZero();
    assertThat(failure(() -> process.grow(file, 1))).isEqualTo("NoSuchFileException: /file");
  }

  @Test
  void a_read_only_disk_is_only_read() throws IOException {
    Files.writeString(file, "bytes");
    FileChannel open = FileChannel.open(file, WRITE);
    disk.condition(Disk.Condition.READ_ONLY);

    assertThat(Files.readString(file)).isEqualTo("bytes");
    assertThat(failure(() -> Files.writeString(file, "x")))
        .isEqualTo("FileSystemException: /file: Read-only file system");
    assertThat(failure(() -> open.write(ByteBuffer.allocate(1))))
        .isEqualTo("IOException: Read-only file system");
    assertThat(failure(() -> Files.delete(file)))
        .isEqualTo("FileSystemException: /file: Read-only file system");
    assertThat(failure(() -> Files.createDirectory(process.getPath("/d"))))
        .isEqualTo("FileSystemException: /d: Read-only file system");
    assertThat(failure(() -> Files.setLastModifiedTime(file, FileTime.from(NOW))))
        .isEqualTo("FileSystemException: /file: Read-only file system");
    assertThat(Files.isWritable(file)).isFalse();
    open.close();
  }

  @Test
  void a_failing_disk_fails_everything() throws IOException {
    Files.writeString(file, "bytes");
    FileChannel open = FileChannel.open(file, WRITE);
    disk.condition(Disk.Condition.FAILING);

    assertThat(failure(() -> Files.readString(file)))
        .isEqualTo("FileSystemException: /file: Input/output error");
    assertThat(failure(() -> open.write(ByteBuffer.allocate(1))))
        .isEqualTo("IOException: Input/output error");
    assertThat(failure(() -> open.force(true))).isEqualTo("IOException: Input/output error");
    assertThat(Files.exists(file)).isFalse();
    disk.condition(Disk.Condition.WELL);
    assertThat(file).hasContent("bytes");
    open.close();
  }

  @Test
  void times_are_the_clocks_and_inodes_are_counted() throws IOException {
    Files.writeString(file, "bytes");

    assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(NOW);
    assertThat(Files.getAttribute(process.getPath("/"), "unix:ino")).isEqualTo(1L);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(2L);
  }

  @Test
  void names_are_listed_in_their_order() throws IOException {
    for (String name : new String[] {"c", "a", "b"}) {
      Files.createFile(process.getPath("/" + name));
    }
    try (var files = Files.newDirectoryStream(process.getPath("/"))) {
      assertThat(files).extracting(Path::toString).containsExactly("/a", "/b", "/c");
    }
  }

  @Test
  void what_is_not_simulated_says_so() throws IOException {
    Files.writeString(file, "bytes");

    assertThat(failure(() -> FileChannel.open(file, DSYNC)))
        .isEqualTo("UnsupportedOperationException: opening with DSYNC");
    assertThat(failure(() -> Files.getAttribute(file, "unix:uid")))
        .isEqualTo("UnsupportedOperationException: attribute unix:uid");
    assertThat(failure(() -> Files.getOwner(file))).startsWith("UnsupportedOperationException");
    assertThat(failure(() -> file.toFile())).startsWith("UnsupportedOperationException");
    assertThat(failure(() -> file.toUri())).isEqualTo("UnsupportedOperationException: Path.toUri");
  }
}
