package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns an interface of C signatures into calls of a library. A function is linked at its first
 * call, so a libvirt that lacks a newer function costs only that function. The indirection costs
 * about a microsecond; a call to the daemon costs a hundred.
 */
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Logger LOG = System.getLogger(Native.class.getName());
  private static final MethodHandle NOTE = guard();

  private Native() {}

  /** libvirt's client library; throws if it is not installed. */
  static LibvirtC libvirt() {
    try {
      return bind(LibvirtC.class, SymbolLookup.libraryLookup("libvirt.so.0", Arena.global()));
    } catch (IllegalArgumentException e) {
      throw LibvirtException.found(
          LibvirtException.Kind.NO_LIBRARY,
          "libvirt.so.0 was not found; install libvirt's client library (Debian: libvirt0)");
    }
  }

  /** The C library of this process. */
  static <T> T libc(Class<T> signatures) {
    return bind(signatures, LINKER.defaultLookup());
  }

  /**
   * A pointer that C may call, for ever. Whatever the target throws ends here, with a line in the
   * log: an exception that left an upcall would end the JVM.
   */
  static MemorySegment upcall(MethodHandle target) {
    Class<?>[] arguments = target.type().parameterArray();
    return LINKER.upcallStub(
        MethodHandles.catchException(target, Throwable.class, NOTE),
        FunctionDescriptor.ofVoid(
            Arrays.stream(arguments).map(Native::layout).toArray(MemoryLayout[]::new)),
        Arena.global());
  }

  private static MethodHandle guard() {
    try {
      return MethodHandles.lookup()
          .findStatic(Native.class, "note", MethodType.methodType(void.class, Throwable.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The last stop of what an upcall throws. */
  static void note(Throwable thrown) {
    try {
      LOG.log(Level.ERROR, "an event of libvirt was lost", thrown);
    } catch (Throwable ignored) {
      // Nothing may leave an upcall, not even this.
    }
  }

  private static <T> T bind(Class<T> signatures, SymbolLookup symbols) {
    Map<Method, MethodHandle> linked = new ConcurrentHashMap<>();
    return signatures.cast(
        Proxy.newProxyInstance(
            signatures.getClassLoader(),
            new Class<?>[] {signatures},
            (proxy, method, arguments) -> {
              MethodHandle handle = linked.computeIfAbsent(method, m -> link(symbols, m));
              return (Object) handle.invokeExact(arguments == null ? new Object[0] : arguments);
            }));
  }

  private static MethodHandle link(SymbolLookup symbols, Method method) {
    MemorySegment symbol =
        symbols
            .find(method.getName())
            .orElseThrow(() ->
                LibvirtException.found(
                    LibvirtException.Kind.NO_LIBRARY,
                    "the installed library has no function "
                        + method.getName()
                        + "; a newer libvirt is needed"));
    MemoryLayout[] arguments =
        Arrays.stream(method.getParameterTypes()).map(Native::layout).toArray(MemoryLayout[]::new);
    FunctionDescriptor descriptor =
        method.getReturnType() == void.class
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(layout(method.getReturnType()), arguments);
    MethodHandle exact = LINKER.downcallHandle(symbol, descriptor);
    return exact
        .asType(exact.type().generic())
        .asSpreader(Object[].class, method.getParameterCount());
  }

  private static MemoryLayout layout(Class<?> type) {
    if (type == int.class) {
      return JAVA_INT;
    }
    if (type == long.class) {
      return JAVA_LONG;
    }
    if (type == MemorySegment.class) {
      return ADDRESS;
    }
    throw new IllegalArgumentException("no C type for " + type);
  }
}
