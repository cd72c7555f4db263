package dev.godwit.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Small qcow2 images. */
final class DiskImage {
  private static final int LEVEL_ONE_TABLE_AT = 40;
  private static final long OFFSET_BITS = 0x00ff_ffff_ffff_fe00L;

  /** Real-mode code of a first sector: reads the ninth sector into memory, then halts. */
  private static final byte[] READ_NINTH_SECTOR = {
    (byte) 0xB8,
    0x01,
    0x02, // mov ax, "read one sector"
    (byte) 0xBB,
    0x00,
    0x7E, // mov bx, where to
    (byte) 0xB9,
    0x09,
    0x00, // mov cx, the ninth
    (byte) 0xB6,
    0x00, // mov dh, the first head
    (byte) 0xCD,
    0x13, // int 0x13
    (byte) 0xF4, // hlt
    (byte) 0xEB,
    (byte) 0xFD // back to hlt
  };

  private DiskImage() {}

  /** One MiB in clusters of 4 KiB, of which the first two are written. */
  static Path make(Path image) throws IOException, InterruptedException {
    Files.deleteIfExists(image);
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", "cluster_size=4k", image.toString(), "1M");
    run("qemu-io", "-f", "qcow2", "-c", "write -P 0 0 8k", image.toString());
    return image;
  }

  /**
   * Makes the second cluster unreadable and gives the first sector code that reads it. (QEMU itself
   * reads the first sector before the guest does.)
   */
  static void damage(Path image) throws IOException {
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long clusters = number(file, number(file, LEVEL_ONE_TABLE_AT)) & OFFSET_BITS;
      long first = number(file, clusters) & OFFSET_BITS;
      file.write(ByteBuffer.wrap(READ_NINTH_SECTOR), first);
      file.write(ByteBuffer.wrap(new byte[] {0x55, (byte) 0xAA}), first + 510);
      long unaligned = number(file, clusters + 8) | 0x200;
      file.write(ByteBuffer.allocate(8).putLong(unaligned).flip(), clusters + 8);
    }
  }

  private static long number(FileChannel file, long at) throws IOException {
    ByteBuffer eight = ByteBuffer.allocate(8);
    file.read(eight, at);
    return eight.getLong(0);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError(List.of(command) + " ended with " + status);
    }
  }
}
