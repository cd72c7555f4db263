package dev.godwit.agent.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.DiskFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageToolTest {
  private final ImageTool images = new ImageTool(new HostPrograms());
  @TempDir Path folder;

  @Test
  void a_made_image_says_what_was_asked_for_and_takes_no_room() {
    Path disk = folder.resolve("vda.qcow2");
    images.make(disk, DiskFormat.QCOW2, 1L << 30, Optional.empty());
    ImageTool.Image image = images.describe(disk, DiskFormat.QCOW2);
    assertThat(image.virtualSizeBytes()).isEqualTo(1L << 30);
    assertThat(image.allocatedBytes()).isLessThan(1 << 20);
    assertThat(image.backingFile()).isEmpty();
  }

  @Test
  void a_made_raw_image_is_sparse() {
    Path disk = folder.resolve("vda.raw");
    images.make(disk, DiskFormat.RAW, 1L << 30, Optional.empty());
    assertThat(disk).hasSize(1L << 30);
    assertThat(images.describe(disk, DiskFormat.RAW).allocatedBytes()).isLessThan(1 << 20);
  }

  @Test
  void a_layer_names_the_image_below_and_its_format() {
    Path base = folder.resolve("base.raw");
    Path disk = folder.resolve("vda.qcow2");
    images.make(base, DiskFormat.RAW, 1 << 20, Optional.empty());
    images.make(disk, DiskFormat.QCOW2, 2 << 20, Optional.of(base.toString()));
    ImageTool.Image image = images.describe(disk, DiskFormat.QCOW2);
    assertThat(image.backingFile()).contains(base.toString());
    assertThat(image.backingFormat()).contains(DiskFormat.RAW);
  }

  @Test
  void what_a_guest_writes_on_its_raw_disk_is_not_taken_for_an_image() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "not for guests\n".repeat(100));
    Path trap = folder.resolve("trap.qcow2");
    images.make(trap, DiskFormat.QCOW2, 1 << 20, Optional.of(secret.toString()));
    Path disk = folder.resolve("vda.raw");
    Files.copy(trap, disk);
    ImageTool.Image image = images.describe(disk, DiskFormat.RAW);
    assertThat(image.format()).isEqualTo(DiskFormat.RAW);
    assertThat(image.backingFile()).isEmpty();
  }

  @Test
  void an_image_that_a_qemu_writes_is_locked_for_others_and_free_again_afterwards()
      throws IOException, InterruptedException {
    Path disk = folder.resolve("vda.qcow2");
    images.make(disk, DiskFormat.QCOW2, 1 << 20, Optional.empty());
    assertThat(images.locked(disk, DiskFormat.QCOW2)).isFalse();
    Process writer =
        new ProcessBuilder("qemu-io", "-f", "qcow2", disk.toString())
            .redirectErrorStream(true)
            .start();
    try {
      // It has the image open when it has carried out a command.
      writer.outputWriter().write("length\n");
      writer.outputWriter().flush();
      assertThat(writer.inputReader().readLine()).contains("1 MiB");
      assertThat(images.locked(disk, DiskFormat.QCOW2)).isTrue();
    } finally {
      writer.outputWriter().close();
      writer.waitFor();
    }
    assertThat(images.locked(disk, DiskFormat.QCOW2)).isFalse();
  }

  @Test
  void a_fingerprint_tells_a_chain_of_images_from_one_with_another_base() throws IOException {
    Path base = folder.resolve("base.raw");
    Path middle = folder.resolve("middle.qcow2");
    images.make(base, DiskFormat.RAW, 3 << 20, Optional.empty());
    images.make(middle, DiskFormat.QCOW2, 3 << 20, Optional.of(base.toString()));
    String before = images.chain(middle).fingerprint();
    assertThat(images.chain(middle).fingerprint()).isEqualTo(before);

    Files.write(base, new byte[] {1}, java.nio.file.StandardOpenOption.WRITE);

    assertThat(images.chain(middle).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void a_fingerprint_tells_an_image_that_was_edited_in_its_middle() throws IOException {
    Path base = folder.resolve("base.raw");
    long size = 100L << 20;
    images.make(base, DiskFormat.RAW, size, Optional.empty());
    String before = images.chain(base).fingerprint();
    for (long at : new long[] {3L << 20, 47L << 20, size - (4L << 20)}) {
      edit(base, at, (byte) 1);
      assertThat(images.chain(base).fingerprint()).as("edited at %d", at).isNotEqualTo(before);
      edit(base, at, (byte) 0);
      assertThat(images.chain(base).fingerprint()).isEqualTo(before);
    }
  }

  /** Two MiB: more than the distance of two samples. */
  private static void edit(Path image, long at, byte with) throws IOException {
    byte[] bytes = new byte[2 << 20];
    Arrays.fill(bytes, with);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void an_image_that_is_not_there_is_not_called_locked() {
    assertThat(images.locked(folder.resolve("none.qcow2"), DiskFormat.QCOW2)).isFalse();
  }

  @Test
  void snapshots_inside_an_image_are_counted() {
    Path disk = folder.resolve("vda.qcow2");
    images.make(disk, DiskFormat.QCOW2, 1 << 20, Optional.empty());
    new HostPrograms()
        .run(
            Duration.ofSeconds(20),
            List.of("qemu-img", "snapshot", "-c", "before", disk.toString()));
    assertThat(images.describe(disk, DiskFormat.QCOW2).innerSnapshots()).isEqualTo(1);
  }

  @Test
  void an_image_with_its_data_in_another_file_is_refused() {
    Path disk = folder.resolve("vda.qcow2");
    Programs.Result made =
        new HostPrograms()
            .run(
                Duration.ofSeconds(20),
                List.of(
                    "qemu-img",
                    "create",
                    "-q",
                    "-f",
                    "qcow2",
                    "-o",
                    "data_file=" + folder.resolve("data.raw"),
                    disk.toString(),
                    "1M"));
    assertThat(made.output()).isEmpty();
    assertThatThrownBy(() -> images.describe(disk, DiskFormat.QCOW2))
        .isInstanceOf(FileTrouble.class)
        .hasMessageContaining("a data file beside it");
  }

  @Test
  void trouble_names_the_file() {
    Path none = folder.resolve("none.qcow2");
    assertThatThrownBy(() -> images.describe(none, DiskFormat.QCOW2))
        .isInstanceOf(FileTrouble.class)
        .hasMessageContaining(none.toString());
  }
}
