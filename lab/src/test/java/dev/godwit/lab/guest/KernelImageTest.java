package dev.godwit.lab.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KernelImageTest {
  /** ELF's mark, then "abc" by letters and seventeen bytes that repeat it, then "." to end with. */
  private static final byte[] BLOCK = {0x7d, 0x7f, 'E', 'L', 'F', 'a', 'b', 'c', 3, 0, 0x10, '.'};

  private static final String KERNEL = "\u007fELFabc" + "abcabcabcabcabcab" + ".";

  /** One sector of boot code, one of setup, then the payload. */
  private static ByteBuffer image(byte[] block, int size) {
    ByteBuffer image = ByteBuffer.allocate(1024 + 12 + block.length).order(ByteOrder.LITTLE_ENDIAN);
    image.put(0x1f1, (byte) 1).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
    image.putInt(0x248, 0).putInt(0x24c, 12 + block.length);
    image.position(1024);
    image.putInt(0x184c2102).putInt(block.length).put(block).putInt(size);
    return image;
  }

  @Test
  void a_kernel_packed_by_lz4_is_unpacked() {
    assertThat(KernelImage.unpacked(image(BLOCK, KERNEL.length()).array()))
        .hasValueSatisfying(kernel ->
            assertThat(new String(kernel, StandardCharsets.ISO_8859_1)).isEqualTo(KERNEL));
  }

  @Test
  void a_kernel_that_is_packed_otherwise_or_broken_is_left_as_it_is() {
    assertThat(KernelImage.unpacked(image(BLOCK, 7).array())).as("size").isEmpty();
    assertThat(KernelImage.unpacked(image(BLOCK, KERNEL.length()).putInt(1024, 0).array()))
        .as("mark of LZ4")
        .isEmpty();
    assertThat(KernelImage.unpacked(image(BLOCK, KERNEL.length()).putInt(1028, 99).array()))
        .as("a block longer than the payload")
        .isEmpty();
    assertThat(KernelImage.unpacked(image(BLOCK, KERNEL.length()).putInt(0x24c, -1).array()))
        .as("length of the payload")
        .isEmpty();
    assertThat(KernelImage.unpacked(new byte[64])).as("no kernel").isEmpty();
  }
}
