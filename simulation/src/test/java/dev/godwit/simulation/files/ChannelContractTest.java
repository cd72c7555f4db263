package dev.godwit.simulation.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class ChannelContractTest {
  @TempDir Path real;
  private final Ground ground;
  private Path folder;
  private Path file;
  private Path none;

  ChannelContractTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void ground() throws IOException {
    folder = ground.folder(real);
    file = Files.writeString(folder.resolve("file"), "bytes");
    none = folder.resolve("none");
  }

  private String failure(Ground.Attempt attempt) {
    return Ground.failure(folder, attempt);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_file_is_opened_as_the_options_say() throws IOException {
    assertThat(failure(() -> FileChannel.open(none, READ)))
        .isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> FileChannel.open(none, READ, CREATE)))
        .isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> FileChannel.open(file, WRITE, CREATE_NEW)))
        .isEqualTo("FileAlreadyExistsException: ~/file");
    assertThat(failure(() -> FileChannel.open(folder, WRITE)))
        .isEqualTo("FileSystemException: ~: Is a directory");
    assertThat(failure(() -> FileChannel.open(file.resolve("x"), READ)))
        .isEqualTo("FileSystemException: ~/file/x: Not a directory");
    assertThat(failure(() -> FileChannel.open(file, READ, APPEND)))
        .isEqualTo("IllegalArgumentException: READ + APPEND not allowed");
    FileChannel.open(none, WRITE, CREATE).close();
    FileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING).close();
    assertThat(none).isEmptyFile();
    assertThat(file).isEmptyFile();
  }

  @Test
  void a_link_is_not_opened_when_told_so() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(failure(() -> FileChannel.open(link, READ, LinkOption.NOFOLLOW_LINKS)))
        .isEqualTo("IOException: Too many levels of symbolic links (NOFOLLOW_LINKS specified)");
  }

  @Test
  void text_is_written_and_read() throws IOException {
    Files.write(file, List.of("eins", "zwei", "drei ü"));

    assertThat(Files.readAllLines(file)).containsExactly("eins", "zwei", "drei ü");
    assertThat(Files.readString(file)).isEqualTo("eins\nzwei\ndrei ü\n");
    assertThat(Files.size(file)).isEqualTo(18);
    try (var in = Files.newInputStream(file)) {
      assertThat(in.readNBytes(4)).asString().isEqualTo("eins");
      assertThat(in.skip(1)).isEqualTo(1);
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("zwei\ndrei ü\n");
    }
    Files.writeString(file, "vier", APPEND);
    assertThat(Files.readString(file)).endsWith("ü\nvier");
    assertThat(failure(() -> Files.readString(none))).isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> Files.readAllBytes(folder))).isEqualTo("IOException: Is a directory");
  }

  @Test
  void a_channel_has_a_position() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      ByteBuffer two = ByteBuffer.allocate(2);

      assertThat(channel.read(two)).isEqualTo(2);
      assertThat(channel.position()).isEqualTo(2);
      assertThat(channel.read(two)).isZero();
      assertThat(channel.read(two.clear(), 4)).isEqualTo(1);
      assertThat(channel.read(two.clear(), 5)).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(2);
      assertThat(channel.write(bytes("XY"))).isEqualTo(2);
      assertThat(channel.write(bytes("Z"), 0)).isEqualTo(1);
      assertThat(channel.position(9).position()).isEqualTo(9);
      assertThat(channel.size()).isEqualTo(5);
      channel.write(new ByteBuffer[] {bytes("a"), bytes("b")});
      assertThat(channel.truncate(10).position()).isEqualTo(10);
      assertThat(failure(() -> channel.position(-1))).startsWith("IllegalArgumentException");
      assertThat(failure(() -> channel.read(two, -1))).startsWith("IllegalArgumentException");
    }
    assertThat(Files.readString(file)).isEqualTo("ZyXYs\0\0\0\0a");
  }

  @Test
  void an_appending_channel_writes_at_the_end() throws IOException {
    try (FileChannel first = FileChannel.open(file, APPEND);
        FileChannel second = FileChannel.open(file, WRITE, APPEND)) {
      first.write(bytes("1"));
      second.write(bytes("2"));
      first.write(bytes("3"), 0);

      assertThat(first.position()).isEqualTo(8);
    }
    assertThat(file).hasContent("bytes123");
  }

  @Test
  void a_channel_does_only_what_it_was_opened_for() throws IOException {
    FileChannel reader = FileChannel.open(file, READ);
    try (FileChannel writer = FileChannel.open(file, WRITE)) {
      assertThat(failure(() -> reader.write(bytes("x")))).startsWith("NonWritableChannelException");
      assertThat(failure(() -> reader.truncate(0))).startsWith("NonWritableChannelException");
      assertThat(failure(() -> writer.read(ByteBuffer.allocate(1))))
          .startsWith("NonReadableChannelException");
      assertThat(failure(reader::tryLock)).startsWith("NonWritableChannelException");
    }
    reader.close();
    assertThat(failure(() -> reader.read(ByteBuffer.allocate(1))))
        .startsWith("ClosedChannelException");
    assertThat(failure(reader::size)).startsWith("ClosedChannelException");
    assertThat(failure(() -> reader.force(true))).startsWith("ClosedChannelException");
  }

  @Test
  void a_directory_is_opened_to_be_forced() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);

      assertThat(failure(() -> channel.read(ByteBuffer.allocate(1))))
          .isEqualTo("IOException: Is a directory");
    }
  }

  @Test
  void a_removed_file_lives_while_it_is_open() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      Files.delete(file);
      Files.writeString(file, "another");
      channel.write(bytes("B"), 0);
      ByteBuffer all = ByteBuffer.allocate(9);
      channel.read(all, 0);

      assertThat(new String(all.array(), 0, all.position(), StandardCharsets.UTF_8))
          .isEqualTo("Bytes");
    }
    assertThat(file).hasContent("another");
  }

  @Test
  void one_program_locks_a_region_once() throws IOException {
    try (FileChannel first = FileChannel.open(file, WRITE);
        FileChannel second = FileChannel.open(file, READ, WRITE)) {
      FileLock lock = first.tryLock();
      assertThat(lock).isNotNull();
      assertThat(lock.isValid()).isTrue();
      assertThat(failure(second::tryLock)).startsWith("OverlappingFileLockException");
      assertThat(failure(first::lock)).startsWith("OverlappingFileLockException");
      lock.release();
      assertThat(lock.isValid()).isFalse();
      assertThat(second.tryLock(0, 10, false)).isNotNull();
      assertThat(failure(() -> first.tryLock(9, 1, false)))
          .startsWith("OverlappingFileLockException");
      assertThat(first.tryLock(10, 1, false)).isNotNull();
    }
    try (FileChannel third = FileChannel.open(file, WRITE)) {
      assertThat(third.lock().isValid()).isTrue();
    }
  }

  @Test
  void bytes_go_from_channel_to_channel() throws IOException {
    try (FileChannel from = FileChannel.open(file, READ);
        FileChannel to = FileChannel.open(none, WRITE, CREATE)) {
      assertThat(from.transferTo(1, 3, to)).isEqualTo(3);
      assertThat(from.transferTo(9, 3, to)).isZero();
      assertThat(to.transferFrom(from, 3, 99)).isEqualTo(5);
      assertThat(to.transferFrom(from, 99, 1)).isZero();
    }
    assertThat(none).hasContent("ytebytes");
  }

  @Test
  void a_thousand_random_writes_and_cuts_leave_the_same_bytes() throws IOException {
    Random random = new Random(1);
    byte[] model = new byte[200_000];
    int length = 0;
    try (FileChannel channel = FileChannel.open(none, READ, WRITE, CREATE)) {
      for (int i = 0; i < 1_000; i++) {
        int at = random.nextInt(180_000);
        if (random.nextInt(10) == 0) {
          channel.truncate(at);
          if (at < length) {
            Arrays.fill(model, at, length, (byte) 0);
            length = at;
          }
        } else {
          byte[] some = new byte[random.nextInt(20_000)];
          if (random.nextInt(3) > 0) {
            random.nextBytes(some);
          }
          channel.write(ByteBuffer.wrap(some), at);
          System.arraycopy(some, 0, model, at, some.length);
          length = some.length == 0 ? length : Math.max(length, at + some.length);
        }
        if (i % 50 == 0) {
          assertThat(Files.readAllBytes(none)).isEqualTo(Arrays.copyOf(model, length));
        }
      }
    }
    assertThat(Files.readAllBytes(none)).isEqualTo(Arrays.copyOf(model, length));
  }
}
