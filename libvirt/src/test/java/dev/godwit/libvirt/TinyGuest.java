package dev.godwit.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Guests of a few machine instructions, which need no image: a multiboot kernel that writes to each
 * page of its memory, so that there is something to copy, and then halts for ever ({@code still})
 * or begins anew ({@code busy}).
 */
final class TinyGuest {
  static final int MEMORY_MIB = 64;
  private static final int FIRST_MIB = 4;
  private static final int LAST_MIB = 52;
  private static final int MAGIC = 0x1BADB002;
  private static final int ADDRESSES_ARE_GIVEN = 0x10000;
  private static final int LOAD_ADDRESS = 0x100000;
  private static final int HEADER_BYTES = 32;

  private TinyGuest() {}

  /** A domain that writes 48 MiB once and then does nothing. */
  static String still(Rack rack, String name) {
    return xml(
        name, kernel(rack, "still.bin", new byte[] {(byte) 0xF4, (byte) 0xEB, (byte) 0xFD}), "");
  }

  /** A domain that writes 48 MiB over and over, as fast as it can. */
  static String busy(Rack rack, String name) {
    return xml(name, kernel(rack, "busy.bin", new byte[] {(byte) 0xEB, (byte) 0xE9}), "");
  }

  static String xml(String name, String boot, String devices) {
    return """
    <domain type='qemu'>
      <name>%s</name>
      <memory unit='MiB'>%d</memory>
      <vcpu>1</vcpu>
      <os><type arch='x86_64' machine='pc'>hvm</type>%s</os>
      <features><acpi/></features>
      <devices>
        <emulator>/usr/bin/qemu-system-x86_64</emulator>
        <memballoon model='none'/>
        %s
      </devices>
    </domain>
    """
        .formatted(name, MEMORY_MIB, boot, devices);
  }

  private static String kernel(Rack rack, String file, byte[] afterwards) {
    Path path = rack.guests().resolve(file);
    ByteBuffer code = ByteBuffer.allocate(HEADER_BYTES + 64).order(ByteOrder.LITTLE_ENDIAN);
    int end = LOAD_ADDRESS + HEADER_BYTES + 22 + afterwards.length;
    code.putInt(MAGIC).putInt(ADDRESSES_ARE_GIVEN).putInt(-(MAGIC + ADDRESSES_ARE_GIVEN));
    code.putInt(LOAD_ADDRESS).putInt(LOAD_ADDRESS).putInt(end).putInt(end);
    code.putInt(LOAD_ADDRESS + HEADER_BYTES);
    code.put((byte) 0xFA); // cli
    code.put((byte) 0xBF).putInt(FIRST_MIB << 20); // mov edi, first
    code.put((byte) 0xFF).put((byte) 0x07); // next: inc dword [edi]
    code.put((byte) 0x81).put((byte) 0xC7).putInt(4096); // add edi, page
    code.put((byte) 0x81).put((byte) 0xFF).putInt(LAST_MIB << 20); // cmp edi, last
    code.put((byte) 0x72).put((byte) 0xF0); // jb next
    code.put(afterwards);
    try {
      Files.write(path, java.util.Arrays.copyOf(code.array(), code.position()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return "<kernel>" + path + "</kernel>";
  }
}
