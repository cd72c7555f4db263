package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Reads libvirt's last error, which belongs to the thread: at once, and on that same thread. */
final class NativeErrors {
  /** virError's first fields; the rest is not used. */
  private static final StructLayout ERROR =
      java.lang.foreign.MemoryLayout.structLayout(
          JAVA_INT.withName("code"),
          JAVA_INT.withName("domain"),
          ADDRESS.withName("message"),
          JAVA_INT.withName("level"));

  private NativeErrors() {}

  /** Of a connection that could not be opened. */
  static LibvirtException opening(LibvirtC c) {
    return read(c, true);
  }

  /** Of a function that needs no daemon. */
  static LibvirtException local(LibvirtC c) {
    return read(c, false);
  }

  /** Of a call on that connection. */
  static LibvirtException last(LibvirtC c, MemorySegment connection) {
    LibvirtException answered = read(c, false);
    // Only now: the question whether the connection lives forgets the last error.
    return c.virConnectIsAlive(connection) == 0 ? answered.withConnectionLost() : answered;
  }

  private static LibvirtException read(LibvirtC c, boolean lost) {
    MemorySegment error = c.virGetLastError();
    if (Memory.isNull(error)) {
      return LibvirtException.reported(1, 0, 2, "libvirt failed without saying why", lost);
    }
    MemorySegment fields = error.reinterpret(ERROR.byteSize());
    int code = fields.get(JAVA_INT, 0);
    int domain = fields.get(JAVA_INT, 4);
    String message = Memory.borrowed(fields.get(ADDRESS, 8)).orElse("no text");
    int level = fields.get(JAVA_INT, 16);
    return LibvirtException.reported(code, domain, level, message, lost);
  }
}
