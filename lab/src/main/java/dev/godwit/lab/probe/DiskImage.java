package dev.godwit.lab.probe;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;

/** A disk of the lab guest as a file, read while no guest has it: its records are labguest.c's. */
public final class DiskImage {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BLOCK = 4096;
  private static final int CHECKSUM_AT = BLOCK - Integer.BYTES;
  private static final long MAGIC = 0x474f445749543031L;

  private final Path file;

  public DiskImage(Path file) {
    this.file = file;
  }

  /** Number of the newest whole record; 0 when there is none. */
  public long newestRecord() {
    try {
      Path raw = Files.createTempFile("godwit-lab", ".raw");
      try {
        var _ =
            Argv.must(
                PATIENCE,
                List.of("qemu-img", "convert", "-O", "raw", file.toString(), raw.toString()));
        return newestRecord(raw);
      } finally {
        Files.deleteIfExists(raw);
      }
    } catch (IOException e) {
      throw new LabFailure(file + ": " + e);
    }
  }

  static long newestRecord(Path raw) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    long newest = 0;
    try (FileChannel blocks = FileChannel.open(raw)) {
      for (long at = 0; at + BLOCK <= blocks.size(); at += BLOCK) {
        block.clear();
        if (blocks.read(block, at) == BLOCK && whole(block)) {
          newest = Math.max(newest, block.getLong(Long.BYTES));
        }
      }
    }
    return newest;
  }

  private static boolean whole(ByteBuffer block) {
    CRC32 checksum = new CRC32();
    checksum.update(block.slice(0, CHECKSUM_AT));
    return block.getLong(0) == MAGIC && block.getInt(CHECKSUM_AT) == (int) checksum.getValue();
  }
}
