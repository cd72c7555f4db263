package dev.godwit.libvirt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/** What a call into libvirt needs, on the connection's thread. */
record Call(LibvirtC c, MemorySegment connection, LastDomain lastDomain, Arena arena) {
  /** The domain's pointer; not to be freed, and of this call only. */
  MemorySegment domain(UUID uuid) {
    return lastDomain.of(this, uuid);
  }

  /** What was looked up before does not count. */
  void lookUpAnew() {
    lastDomain.release(c);
  }

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
