package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.UUID;

/** Reading what C points at. */
final class Memory {
  private static final int UUID_STRING_BYTES = 37;

  interface Free {
    void free(MemorySegment pointer);
  }

  private static final Free LIBC = Native.libc(Free.class);

  private Memory() {}

  static boolean isNull(MemorySegment pointer) {
    return pointer.address() == 0;
  }

  /** The string that C owns; empty for NULL. */
  static Optional<String> borrowed(MemorySegment pointer) {
    return isNull(pointer)
        ? Optional.empty()
        : Optional.of(pointer.reinterpret(Long.MAX_VALUE).getString(0));
  }

  /** The string that was given to us; it is freed. */
  static String owned(MemorySegment pointer) {
    try {
      return borrowed(pointer).orElse("");
    } finally {
      free(pointer);
    }
  }

  static void free(MemorySegment pointer) {
    LIBC.free(pointer);
  }

  /** The pointer that stands in the cell. */
  static MemorySegment follow(MemorySegment cell) {
    return cell.get(ADDRESS, 0);
  }

  /**
   * The string for C.
   *
   * @throws IllegalArgumentException when it has a zero byte, at which C would take it to end
   */
  static MemorySegment text(Arena arena, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a text for libvirt has a zero byte at position " + text.indexOf('\0'));
    }
    return arena.allocateFrom(text);
  }

  /** The string for C, NULL when there is none. */
  static MemorySegment optional(Arena arena, Optional<String> text) {
    return text.map(it -> text(arena, it)).orElse(MemorySegment.NULL);
  }

  /** A domain's UUID; known to the pointer, no round trip. */
  static UUID uuid(LibvirtC c, MemorySegment domain) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(UUID_STRING_BYTES);
      if (c.virDomainGetUUIDString(domain, text) < 0) {
        throw NativeErrors.local(c);
      }
      return UUID.fromString(text.getString(0));
    }
  }
}
