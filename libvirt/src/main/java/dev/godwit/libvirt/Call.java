package dev.godwit.libvirt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What a call into libvirt needs, on the connection's thread. */
record Call(LibvirtC c, MemorySegment connection, Arena arena) {
  /** The result, unless it says failure. */
  int check(int result) {
    if (result < 0) {
      throw NativeErrors.last(c, connection);
    }
    return result;
  }

  /** The pointer, unless it is NULL. */
  MemorySegment check(MemorySegment result) {
    if (Memory.isNull(result)) {
      throw NativeErrors.last(c, connection);
    }
    return result;
  }

  /** The string for C. */
  MemorySegment text(String text) {
    return Memory.text(arena, text);
  }
}
