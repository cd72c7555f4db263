package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * libvirt's client library in this process: loaded, started and given its event loop once. Without
 * that loop neither events nor keep-alive work, so it runs for ever, on a daemon thread of its own.
 */
public final class Libvirt {
  private static final Logger LOG = System.getLogger(Libvirt.class.getName());

  /** Started when it is first asked for; a failure is kept and thrown again. */
  private static final class Started {
    static final CompletableFuture<LibvirtC> LIBRARY = start();
  }

  private Libvirt() {}

  /** Starts the library unless that was done; {@link Connection#open} does it too. */
  public static void load() {
    library();
  }

  /** The library's version as 9.0.0. */
  public static String version() {
    LibvirtC c = library();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment version = arena.allocate(JAVA_LONG);
      c.virGetVersion(version, MemorySegment.NULL, MemorySegment.NULL);
      return dotted(version.get(JAVA_LONG, 0));
    }
  }

  /**
   * How many connections were closed or given up and are still held inside libvirt, because a
   * daemon or a QEMU does not answer. It comes back to 0 when they answer or keep-alive ends them.
   */
  public static int lingeringConnections() {
    return CallThread.lingering();
  }

  static String dotted(long version) {
    return version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
  }

  static LibvirtC library() {
    try {
      return Started.LIBRARY.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LibvirtException known) {
        throw known;
      }
      LibvirtException unusable =
          LibvirtException.found(
              LibvirtException.Kind.NO_LIBRARY,
              "libvirt's library cannot be used from this JVM: " + e.getCause());
      unusable.initCause(e);
      throw unusable;
    }
  }

  private static CompletableFuture<LibvirtC> start() {
    CompletableFuture<LibvirtC> library = new CompletableFuture<>();
    Thread.ofPlatform().name("libvirt-events").daemon().start(() -> run(library));
    return library;
  }

  private static void run(CompletableFuture<LibvirtC> library) {
    LibvirtC c;
    try {
      c = Native.libvirt();
      if (c.virInitialize() < 0) {
        throw NativeErrors.local(c);
      }
      // Otherwise libvirt prints every error to stderr.
      c.virSetErrorFunc(MemorySegment.NULL, Native.upcall(quiet()));
      if (c.virEventRegisterDefaultImpl() < 0) {
        throw NativeErrors.local(c);
      }
    } catch (Throwable t) {
      library.completeExceptionally(t);
      return;
    }
    library.complete(c);
    int failures = 0;
    while (failures < 1000) {
      failures = turned(c) ? 0 : failures + 1;
    }
    LOG.log(Level.ERROR, "libvirt's event loop fails for ever: no events, no keep-alive");
  }

  private static boolean turned(LibvirtC c) {
    try {
      return c.virEventRunDefaultImpl() >= 0;
    } catch (Throwable t) { // no memory for a moment, say: the loop must outlive it
      return false;
    }
  }

  private static java.lang.invoke.MethodHandle quiet() throws ReflectiveOperationException {
    return MethodHandles.lookup()
        .findStatic(
            Libvirt.class,
            "ignore",
            MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class));
  }

  @SuppressWarnings("unused") // libvirt's error function
  private static void ignore(MemorySegment userData, MemorySegment error) {}
}
