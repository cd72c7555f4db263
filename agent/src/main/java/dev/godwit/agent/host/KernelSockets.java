package dev.godwit.agent.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Options of other processes' sockets, by Linux's pidfd_getfd (5.6 and newer; it needs what a
 * debugger needs).
 */
public final class KernelSockets {
  private static final Linker LINKER = Linker.nativeLinker();

  // Numbers of the generic table, the same on x86-64 and arm64.
  private static final long PIDFD_OPEN = 434;
  private static final long PIDFD_GETFD = 438;

  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;

  /** Ten seconds, and four questions of five seconds: as long as libvirt's own keep-alive. */
  private static final int IDLE_SECONDS = 10;

  private static final int INTERVAL_SECONDS = 5;
  private static final int QUESTIONS = 4;

  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle SETSOCKOPT =
      function(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private KernelSockets() {}

  private static MethodHandle function(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(), signature, options);
  }

  /** Has TCP ask on that socket whether the other end is there; {@link IOException} if it fails. */
  public static void keepAlive(long process, int descriptor) throws IOException {
    int handle = opened("pidfd_open", PIDFD_OPEN, process, 0);
    try {
      int socket = opened("pidfd_getfd", PIDFD_GETFD, handle, descriptor);
      try {
        set(socket, IPPROTO_TCP, TCP_KEEPIDLE, IDLE_SECONDS);
        set(socket, IPPROTO_TCP, TCP_KEEPINTVL, INTERVAL_SECONDS);
        set(socket, IPPROTO_TCP, TCP_KEEPCNT, QUESTIONS);
        set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
      } finally {
        close(socket);
      }
    } finally {
      close(handle);
    }
  }

  private static int opened(String name, long number, long first, long second) throws IOException {
    try {
      long descriptor = (long) SYSCALL.invokeExact(number, first, second, 0L);
      if (descriptor < 0) {
        throw new IOException(
            "%s: expected a descriptor, was refused; run the agent as root on Linux 5.6 or newer"
                .formatted(name));
      }
      return Math.toIntExact(descriptor);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static void set(int socket, int level, int option, int value) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment held = arena.allocateFrom(JAVA_INT, value);
      int result =
          (int) SETSOCKOPT.invokeExact(socket, level, option, held, (int) JAVA_INT.byteSize());
      if (result != 0) {
        throw new IOException("setsockopt: expected 0, found " + result);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setsockopt", e);
    }
  }

  private static void close(int descriptor) {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("close", e);
    }
  }
}
