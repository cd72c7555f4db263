package dev.godwit.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what labguest.c writes. */
class DiskImageTest {
  private static final int BLOCK = 4096;
  @TempDir Path folder;

  private static void record(ByteBuffer disk, int slot, long sequence, int damage) {
    int at = slot * BLOCK;
    disk.putLong(at, 0x474f445749543031L).putLong(at + 8, sequence);
    CRC32 checksum = new CRC32();
    checksum.update(disk.slice(at, BLOCK - 4));
    disk.putInt(at + BLOCK - 4, (int) checksum.getValue() + damage);
  }

  private long newest(ByteBuffer disk) throws IOException {
    byte[] bytes = new byte[disk.capacity()];
    disk.get(0, bytes);
    return DiskImage.newestRecord(Files.write(folder.resolve("disk"), bytes));
  }

  @Test
  void the_newest_whole_record_counts_wherever_it_is() throws IOException {
    ByteBuffer disk = ByteBuffer.allocate(5 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(newest(disk)).isZero();
    record(disk, 0, 5, 0);
    record(disk, 1, 6, 0);
    record(disk, 2, 7, 1);
    record(disk, 4, 4, 0);
    assertThat(newest(disk)).isEqualTo(6);
  }
}
