package dev.godwit.lab.guest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Unpacks a Linux kernel that is packed by LZ4, as Debian's cloud kernel is: an emulated processor
 * takes seconds for what a real one does in a moment, and QEMU boots the unpacked one as well.
 *
 * @see <a href="https://docs.kernel.org/arch/x86/boot.html">The Linux/x86 boot protocol</a>
 * @see <a href="https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md">LZ4 block format</a>
 */
final class KernelImage {
  private static final int SETUP_SECTORS = 0x1f1;
  private static final int HEADER = 0x202;
  private static final int HEADER_MAGIC = 0x53726448;
  private static final int VERSION = 0x206;
  private static final int FIRST_VERSION_WITH_PAYLOAD = 0x208;
  private static final int PAYLOAD_OFFSET = 0x248;
  private static final int PAYLOAD_LENGTH = 0x24c;
  private static final int SECTOR = 512;
  private static final int LEGACY_LZ4 = 0x184c2102;
  private static final int LEAST_MATCH = 4;
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  /** A block of the legacy frame holds at most so much when unpacked. */
  private static final int BLOCK = 8 << 20;

  private KernelImage() {}

  /** The kernel within; empty when it is packed in another way or not at all. */
  static Optional<byte[]> unpacked(byte[] bootable) {
    ByteBuffer image = ByteBuffer.wrap(bootable).order(ByteOrder.LITTLE_ENDIAN);
    if (image.limit() < PAYLOAD_LENGTH + Integer.BYTES
        || image.getInt(HEADER) != HEADER_MAGIC
        || image.getShort(VERSION) < FIRST_VERSION_WITH_PAYLOAD) {
      return Optional.empty();
    }
    int sectors = bootable[SETUP_SECTORS] == 0 ? 4 : Byte.toUnsignedInt(bootable[SETUP_SECTORS]);
    int start = (sectors + 1) * SECTOR + image.getInt(PAYLOAD_OFFSET);
    int length = image.getInt(PAYLOAD_LENGTH);
    if (start < 0 || length < 2 * Integer.BYTES || start > image.limit() - length) {
      return Optional.empty();
    }
    ByteBuffer payload = image.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
    if (payload.getInt() != LEGACY_LZ4) {
      return Optional.empty();
    }
    // The last word is the size when unpacked, put there by the kernel's build.
    int size = payload.getInt(length - Integer.BYTES);
    payload.limit(length - Integer.BYTES);
    try {
      byte[] kernel = blocks(payload);
      return kernel.length == size && Arrays.equals(kernel, 0, ELF.length, ELF, 0, ELF.length)
          ? Optional.of(kernel)
          : Optional.empty();
    } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException broken) {
      return Optional.empty();
    }
  }

  private static byte[] blocks(ByteBuffer payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (payload.remaining() >= Integer.BYTES) {
      int length = payload.getInt();
      if (length != LEGACY_LZ4) {
        byte[] unpacked = new byte[BLOCK];
        int size = block(payload.slice(payload.position(), length), unpacked);
        out.write(unpacked, 0, size);
        payload.position(payload.position() + length);
      }
    }
    return out.toByteArray();
  }

  /** Sequences of literals and of matches that repeat what was unpacked before. */
  private static int block(ByteBuffer packed, byte[] out) {
    int size = 0;
    while (packed.hasRemaining()) {
      int token = Byte.toUnsignedInt(packed.get());
      int literals = length(token >> 4, packed);
      packed.get(out, size, literals);
      size += literals;
      if (!packed.hasRemaining()) {
        return size;
      }
      int back = Byte.toUnsignedInt(packed.get()) | Byte.toUnsignedInt(packed.get()) << 8;
      int match = length(token & 15, packed) + LEAST_MATCH;
      // Byte by byte, for a match may reach into what it makes.
      for (int i = 0; i < match; i++) {
        out[size] = out[size - back];
        size++;
      }
    }
    return size;
  }

  private static int length(int nibble, ByteBuffer packed) {
    int length = nibble;
    if (nibble == 15) {
      int more;
      do {
        more = Byte.toUnsignedInt(packed.get());
        length += more;
      } while (more == 255);
    }
    return length;
  }
}
